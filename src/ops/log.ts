import pino, { type DestinationStream, type Logger } from 'pino'

/**
 * The program's log: static messages plus fields, JSON lines. Errors are cut to what says where and why: an
 * octokit error carries the request with its headers and body, a driver's error the whole statement. Of a webhook,
 * which Probot logs whole, only its name stays: a payload holds names and addresses of commits' authors.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, serializers: { err: describeError, error: describeError, event: describeEvent } }
  return destination === undefined ? pino(options) : pino(options, destination)
}

function describeEvent(event: unknown): unknown {
  if (typeof event !== 'object' || event === null) return event
  const { id, name, payload } = event as { id?: unknown; name?: unknown; payload?: { action?: unknown } }
  return { id, name, action: payload?.action }
}

interface DescribedError {
  type: string
  message: string
  code?: string | number
  status?: number
  stack?: string
  cause?: DescribedError
  errors?: DescribedError[]
}

function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error).slice(0, 200) }
  const { code, errno, status } = error as { code?: string; errno?: number; status?: number }
  return {
    type: error.name,
    message: error.message.slice(0, 500),
    ...((code ?? errno) === undefined ? {} : { code: (code ?? errno)! }),
    ...(status === undefined ? {} : { status }),
    // The first line repeats the message.
    ...(error.stack === undefined ? {} : { stack: error.stack.split('\n').slice(1, 8).join('\n') }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
    ...(error instanceof AggregateError ? { errors: error.errors.slice(0, 3).map(describeError) } : {}),
  }
}
