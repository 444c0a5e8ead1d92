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

it.each(sources)('%s stays in its layer', (path) => {
  const [layer = '', feature] = path.split('/')
  for (const imported of importsOf(path)) {
    const own = layer === 'features' && imported.startsWith(`features/${feature}/`)
    expect(own || mayImport[layer]?.test(imported), `${path} imports ${imported}`).toBe(true)
  }
})

it.each(sources)('%s is short', (path) => {
  expect(readFileSync(join(src, path), 'utf8').split('\n').length).toBeLessThanOrEqual(201)
})
