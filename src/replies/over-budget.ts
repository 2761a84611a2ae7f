/** The reply to somebody whose commands have used up the requests to GitHub of this hour. */
export function overBudget(login: string, until: Date): string {
  const time = until.toISOString().slice(11, 16)
  return (
    `@${login}: this command did not run yet. The requests to GitHub that this bridge spends on your commands, or on this ` +
    `repository, are used up for this hour. This command, and those that you write until then, run by themselves after ` +
    `${time} UTC: do not repeat them. Until then there is no other answer. People who may stamp here have a larger number of their own.`
  )
}
