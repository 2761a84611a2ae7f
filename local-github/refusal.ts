/** A refusal of GitHub's, with the status and message of its REST API. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly errors: (object | string)[] | undefined

  constructor(status: number, message: string, errors?: (object | string)[]) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

export const notFound = () => new Refusal(404, 'Not Found')

export function invalid(resource: string, field: string, code: string, message?: string): Refusal {
  return new Refusal(422, 'Validation Failed', [{ resource, field, code, ...(message ? { message } : {}) }])
}
