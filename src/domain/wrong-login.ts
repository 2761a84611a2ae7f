/** A login of a settings file that means nobody, or another account than a reader would think. */
export type WrongLogin =
  /** Nobody had it when it was listed. */
  | { login: string; is: 'unknown' }
  /** Another account has it now (`to`, a numeric id), or nobody. */
  | { login: string; is: 'moved'; from: number; to: number | undefined }
  /** Beyond the accounts that one file may name. */
  | { login: string; is: 'too-many'; most: number }
  /** GitHub refuses to answer for this login. */
  | { login: string; is: 'untold' }
