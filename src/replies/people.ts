import { quote } from './markdown.ts'

/** Replies about logins and handles that people name, and to people who take no part. */
export const people = {
  declined: 'You declined to take part, so nothing is recorded for you. `/wl join` takes that back.',
  isOrganization(login: string): string {
    return `${quote(`@${login}`)} is an organization, and only people and agents have a rig.`
  },
  noRig(login: string): string {
    return (
      `${quote(`@${login}`)} has no rig in this wasteland yet. One is made at the first contact: ` +
      'a pull request that names a wanted item, or a command such as `/wl post`.'
    )
  },
  noHandle(handle: string): string {
    return `This wasteland has no rig ${quote(handle)}. Write its handle as \`wl\` or a passbook shows it.`
  },
  whichHandle(handles: readonly string[]): string {
    const names = handles.map((handle) => quote(handle)).join(', ')
    return `Several rigs are called so: ${names}. Write the one you mean exactly.`
  },
  /** For a person whose handle a rig from elsewhere has already. */
  handleTaken(theirs: string, yours: string): string {
    return (
      `${quote(theirs)} is in this ledger already, a rig from elsewhere (\`wl\`), so yours here is ${quote(yours)}. ` +
      `If that one is you too, comment ${quote(`/wl link ${theirs}`)}; both then count as one person. If not, there is nothing to do.`
    )
  },
} as const
