import pino, { type DestinationStream, type Logger, symbols } from 'pino'

/**
 * The program's log: static messages plus fields, as JSON lines; plain lines (`plainLine`) at a terminal. Errors are
 * cut to message and place: an octokit error has the request with its headers and body, a driver's error the whole
 * statement. A webhook, which Probot logs whole, is cut to its name: a payload has names and addresses of commits'
 * authors.
 */
export function createLog(level: string, destination?: LogDestination): Logger {
  const options = { level, serializers: { err: describeError, error: describeError, event: describeEvent } }
  const stream: LogDestination = destination ?? process.stdout
  if (stream.isTTY === true) return pino(options, { write: (line) => stream.write(`${plainLine(line)}\n`) })
  // Of itself pino writes to standard output, with a buffer of its own.
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** A stream for the log, a terminal perhaps. */
type LogDestination = DestinationStream & { isTTY?: boolean }

/**
 * Prints text that is no line of the log. At a terminal it goes to standard error; otherwise to the log's own stream,
 * because that one is buffered, and the text would overtake the lines before it.
 */
export function sayBeside(log: Logger, { stdout, stderr }: Streams = process): (text: string) => void {
  const { [symbols.streamSym]: stream } = log as unknown as { [symbols.streamSym]: DestinationStream }
  const isTerminal = stdout.isTTY === true || stderr.isTTY === true
  return (text) => (isTerminal ? stderr : stream).write(text)
}

interface Streams {
  stdout: { isTTY?: boolean }
  stderr: { isTTY?: boolean; write(text: string): unknown }
}

/** Fields of every line that are not shown at a terminal. */
const UNSHOWN = new Set(['level', 'time', 'pid', 'hostname', 'msg'])

/** A line of the log as a person reads it: `10:02:03 WARN the message  key=value`. */
export function plainLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>
  const time = new Date(Number(line['time'])).toISOString().slice(11, 19)
  const level = pino.levels.labels[Number(line['level'])] ?? ''
  const fields = Object.entries(line).flatMap(([key, value]) =>
    UNSHOWN.has(key) ? [] : [`${key}=${escaped(typeof value === 'string' ? value : JSON.stringify(value))}`],
  )
  const message = typeof line['msg'] === 'string' ? line['msg'] : ''
  return [`${time} ${level.toUpperCase()} ${escaped(message)}`, ...fields].join('  ')
}

/** Escapes control characters: text of strangers could move the terminal's cursor. */
function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
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

/** The part of pino's interface that the supervisor uses. */
export type ServerLog = Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>
