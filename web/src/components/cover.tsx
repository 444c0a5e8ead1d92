import { useState } from 'react'

const hues = 8

/** The cover, from any host and without telling it where from; a drawn brick where there is none, or none that loads. */
export function Cover({ url, theme, large = false }: { url: string | null; theme: string; large?: boolean }) {
  const [broken, setBroken] = useState<string | null>(null)
  const className = large ? 'cover cover-large' : 'cover'
  if (url === null || url === broken) return <Placeholder theme={theme} className={className} />
  return (
    <img className={className} src={url} alt="" referrerPolicy="no-referrer" loading="lazy" decoding="async" onError={() => setBroken(url)} />
  )
}

function Placeholder({ theme, className }: { theme: string; className: string }) {
  let hash = 7
  for (const char of theme) hash = (hash * 131 + (char.codePointAt(0) ?? 0)) % 65_521
  return (
    <svg className={`${className} placeholder hue-${hash % hues}`} viewBox="0 0 48 48" aria-hidden="true">
      <path className="side" d="M8 22v13l16 7V29z" />
      <path className="front" d="M40 22v13l-16 7V29z" />
      <path className="top" d="M24 15 8 22l16 7 16-7z" />
      <path className="front" d="M12.5 20v-3h7v3a3.5 1.7 0 0 1-7 0zM20.5 23.5v-3h7v3a3.5 1.7 0 0 1-7 0zM28.5 20v-3h7v3a3.5 1.7 0 0 1-7 0zM20.5 16.5v-3h7v3a3.5 1.7 0 0 1-7 0z" />
      <g className="top">
        <ellipse cx="16" cy="17" rx="3.5" ry="1.7" />
        <ellipse cx="24" cy="20.5" rx="3.5" ry="1.7" />
        <ellipse cx="32" cy="17" rx="3.5" ry="1.7" />
        <ellipse cx="24" cy="13.5" rx="3.5" ry="1.7" />
      </g>
    </svg>
  )
}
