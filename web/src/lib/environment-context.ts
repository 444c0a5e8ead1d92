import { createContext, useContext } from 'react'
import { pageEnvironment } from './environment'

export const EnvironmentContext = createContext(pageEnvironment)
export const useEnvironment = () => useContext(EnvironmentContext)
