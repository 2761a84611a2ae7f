/** A repository of GitHub's, as plain data: its number, its name now, and the installation that reaches it. */
export interface RepositoryRef {
  installation: number
  id: number
  owner: string
  repo: string
}
