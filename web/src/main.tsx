import { mount } from '@/app/mount'
import '@/styles/index.css'

const root = document.getElementById('root')
if (root) mount(root)
