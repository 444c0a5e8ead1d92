export * from './view.ts'
export * from './event.ts'
