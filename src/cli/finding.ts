import { Unavailable, UserError } from '../domain/errors.ts'
import { AccountRefused, GitHubRefused } from '../github/errors.ts'

/** The result of one check. `says` names the state and, where it is not good, what to do. */
export interface DoctorFinding {
  state: 'ok' | 'warning' | 'wrong'
  part: string
  says: string
}

export const ok = (part: string, says: string): DoctorFinding => ({ state: 'ok', part, says })
export const warning = (part: string, says: string): DoctorFinding => ({ state: 'warning', part, says })
export const wrong = (part: string, says: string): DoctorFinding => ({ state: 'wrong', part, says })

/** The finding of a check that itself failed. The text of a foreign error may hold a secret and is not repeated. */
export function failed(part: string, error: unknown): DoctorFinding {
  if (error instanceof UserError) return wrong(part, error.message)
  if (error instanceof Unavailable) return wrong(part, `${error.message}. Check the address, and that it is running.`)
  if (error instanceof AccountRefused)
    return wrong(
      part,
      'the account refuses us (IP allow list or SAML). An owner of it can let the App in; its work waits.',
    )
  if (error instanceof GitHubRefused)
    return wrong(part, `${error.message}. Check that APP_ID and the private key belong to one App.`)
  const { code, name } = error as { code?: unknown; name?: unknown }
  return wrong(part, `could not be looked at (${String(code ?? name).slice(0, 60)}).`)
}

/** Runs one check; its failure becomes a finding. */
export async function runCheck(
  part: string,
  work: () => Promise<DoctorFinding | DoctorFinding[]>,
): Promise<DoctorFinding[]> {
  try {
    return [await work()].flat()
  } catch (error) {
    return [failed(part, error)]
  }
}
