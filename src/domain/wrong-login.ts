/** A login of a settings file that does not mean whom a reader would think. */
export type WrongLogin =
  /** Nobody had it when it was listed. */
  | { login: string; is: 'unknown' }
  /** Another account has it now (`to`, a numeric id), or nobody. */
  | { login: string; is: 'moved'; from: number; to: number | undefined }
  /** Beyond the accounts that one file may name. */
  | { login: string; is: 'too-many'; most: number }
  /** GitHub does not tell us. */
  | { login: string; is: 'untold' }
