/** `owner` or `owner/repo`, with the numeric id of the account or repository where the operator gives one. */
const ADMITTED_NAME = /^[A-Za-z0-9_.-]{1,100}(\/[A-Za-z0-9_.-]{1,100})?(#[1-9][0-9]{0,14})?$/

/**
 * Describes what is wrong with a name to admit, and gives the right form; undefined for a name that can match a
 * repository.
 */
export function wrongName(name: string): string | undefined {
  if (ADMITTED_NAME.test(name)) return undefined
  const shown = name.slice(0, 100)
  const meant = rightForm(name)
  const hint = meant === undefined ? '' : ` Write ${meant}.`
  return (
    `"${shown}" is not a repository. Expected owner/repo, or owner for all its public ones; ` +
    `#123 after it names the id that GitHub gives it.${hint}`
  )
}

/** The name that was meant by an address, an `@`, a `*` or a slash too many. */
function rightForm(name: string): string | undefined {
  let rest = name.trim()
  if (/^https?:\/\//i.test(rest)) rest = rest.split('/').slice(3, 5).join('/')
  if (rest.startsWith('@')) rest = rest.slice(1)
  if (rest.endsWith('/*')) rest = rest.slice(0, -2)
  if (rest.endsWith('/')) rest = rest.slice(0, -1)
  if (rest.endsWith('.git')) rest = rest.slice(0, -4)
  return ADMITTED_NAME.test(rest) ? rest : undefined
}
