import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { expect, it } from 'vitest'

const src = join(import.meta.dirname, '../src')

/** app imports features, which import components and lib; never back, and never feature to feature. */
const mayImport: Record<string, RegExp> = {
  app: /^(app|features|components|lib|styles)\//,
  features: /^(components|lib)\//, // and its own feature: see below
  components: /^(components|lib)\//,
  lib: /^lib\//,
}

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.') && path !== 'main.tsx')

const importsOf = (path: string) =>
  Array.from(readFileSync(join(src, path), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g), ([, name]) => name ?? '')
    .map((name) => (name.startsWith('@/') ? name.slice(2) : name.startsWith('.') ? relative(src, join(src, path, '..', name)) : ''))
    .filter((name) => name !== '')

it('imports stay in their layers', () => {
  const wrong = sources.flatMap((path) => {
    const [layer = '', feature] = path.split('/')
    const allowed = (name: string) => mayImport[layer]?.test(name) || (layer === 'features' && name.startsWith(`features/${feature}/`))
    return importsOf(path).filter((name) => !allowed(name)).map((name) => `${path} imports ${name}`)
  })
  expect(wrong).toEqual([])
})

it('files are short', () => {
  const lines = (path: string) => readFileSync(join(src, path), 'utf8').split('\n').length - 1
  expect(sources.filter((path) => lines(path) > 200)).toEqual([])
})
