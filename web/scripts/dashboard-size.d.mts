export const budget: number
export function dashboardScripts(dist: string): { file: string; gzipped: number }[]
