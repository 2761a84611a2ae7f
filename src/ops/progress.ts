type Terminal = { isTTY?: boolean; write(text: string): unknown }

/**
 * A `report` function that shows progress: on a terminal in one line that is overwritten, elsewhere as plain lines.
 * Call `end()` when the work is done, so that later output gets its own line.
 */
export function progressOn(terminal: Terminal): { report: (line: string) => void; end: () => void } {
  let isOpen = false
  return {
    report(line) {
      if (!terminal.isTTY) {
        terminal.write(`${line}\n`)
        return
      }
      terminal.write(`\r\u001B[K${line}`)
      isOpen = true
    },
    end() {
      if (isOpen) terminal.write('\n')
      isOpen = false
    },
  }
}
