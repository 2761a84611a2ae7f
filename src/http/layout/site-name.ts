/** The name of the GitHub for people: `GitHub`, or that of an Enterprise Server. */
export function siteName(host: string): string {
  return host === 'github.com' ? 'GitHub' : `the GitHub at ${host}`
}
