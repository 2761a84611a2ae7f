/** A command as it is written on a line of its own: `stamp 4` is `/wl stamp 4`. */
export function commandLine(text: string): string {
  return `/wl ${text}`
}
