/** `GitHub`, or which one. */
export function siteName(host: string): string {
  return host === 'github.com' ? 'GitHub' : `the GitHub at ${host}`
}
