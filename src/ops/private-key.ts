import { createPrivateKey } from 'node:crypto'

/*
 * The App's private key, as people put it into a variable: with escaped line breaks, in quotes, on one line, indented,
 * or all of it in base64. A recognizable key is repaired; any other text is refused at the start, with a clearer
 * sentence than OpenSSL's.
 */

const BEGIN = '-----BEGIN '
const END = '-----END '
const DASHES = '-----'
const COLUMNS = 64
const MEGABYTE = 1_000_000

/** The PEM in a text, in the format of RFC 7468; undefined where there is none. */
export function mendPem(text: string): string | undefined {
  if (text.length > MEGABYTE) return undefined
  const plain = text.includes(BEGIN) ? text : Buffer.from(text.replace(/["']/g, ''), 'base64').toString('utf8')
  const lines = plain.replaceAll('\\r', '').replaceAll('\\n', '\n').replaceAll('\r', '')
  const start = lines.indexOf(BEGIN)
  if (start === -1) return undefined
  const named = lines.indexOf(DASHES, start + BEGIN.length)
  const end = lines.indexOf(END, start)
  if (named === -1 || end < named) return lines.slice(start)
  const label = lines.slice(start + BEGIN.length, named)
  const body = lines.slice(named + DASHES.length, end)
  // A key with a passphrase has lines before its body, whose breaks count.
  if (body.includes(':')) return `${lines.slice(start, end).trim()}\n${END}${label}${DASHES}\n`
  const letters = body.replace(/\s/g, '')
  const folded = letters.match(new RegExp(`.{1,${COLUMNS}}`, 'g')) ?? []
  return [`${BEGIN}${label}${DASHES}`, ...folded, `${END}${label}${DASHES}`, ''].join('\n')
}

/** The reason why this key cannot sign for the App, in words that follow "the private key"; undefined when it can. */
export function whyNoKey(pem: string): string | undefined {
  if (pem.startsWith(`${BEGIN}PUBLIC KEY`) || pem.startsWith(`${BEGIN}RSA PUBLIC KEY`)) return 'is a public key'
  if (pem.startsWith(`${BEGIN}CERTIFICATE`)) return 'is a certificate'
  if (pem.startsWith(`${BEGIN}OPENSSH`)) return 'is a key of SSH'
  if (pem.includes('ENCRYPTED')) return 'has a passphrase'
  if (!pem.includes(END)) return 'is cut short: its last line is missing'
  try {
    const { asymmetricKeyType: type } = createPrivateKey(pem)
    return type === 'rsa' ? undefined : `is of the kind ${type}, and GitHub's are RSA`
  } catch {
    return 'cannot be read: some of it is missing or changed'
  }
}
