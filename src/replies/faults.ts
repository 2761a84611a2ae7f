import { LEFT_OUT } from '../domain/markdown.ts'
import { oneLine } from '../domain/text.ts'
import { commandLine } from './command-line.ts'

/** A piece of a line as it was written, in a code span. */
function show(text: string): string {
  return `\`${oneLine(text.replaceAll('`', "'").replaceAll(LEFT_OUT, '…'), 80)}\``
}

function remark(text: string | undefined): string {
  return text === undefined ? '' : `; a remark stands in quotes, ${show(`${text}="…"`)}`
}

const HIDDEN = 'code, links and HTML are not read in a command. Write it as plain text'

/**
 * Sentences on what is wrong with a piece of a command, each without its full stop. `said` is the piece as it was
 * written, `option` the name of an option, `text` that of the option for a quoted text, where the command has one.
 */
export const faults = {
  // The whole line.
  quotes: 'its quotes do not pair: put a text in `"…"`; `\\"` is a quote inside it',
  table: 'a table is not read: write its options on the line of the command, as `key=value`',
  notConfirmed: '`confirm` is taken only where no other words stand beside it; nothing was done',
  asks(said: string, { name, text }: { name: string; text?: string | undefined }, isBare: boolean): string {
    const line = commandLine(`${name}${isBare ? '' : ' …'}`)
    return `${show(said)} is a question, not a command, so nothing was done: write ${show(line)} without the question mark, or ${show(commandLine(`help ${name}`))} to read about it${remark(text)}`
  },
  doubtful(said: string, text: string | undefined): string {
    return `${show(said)} may cancel the command, or make it uncertain, so nothing was done: write the command without such words${remark(text)}`
  },

  // Pieces whose meaning is clear, with the right way to write them.
  write(said: string, ...instead: readonly string[]): string {
    return `${show(said)} is not read: write ${instead.map(show).join(' ')}`
  },
  writeHere(said: string, instead: string): string {
    return `${show(said)} is not read here: write ${show(instead)}`
  },
  meant(said: string, instead: string): string {
    return `${show(said)} is not read: did you mean ${show(instead)}?`
  },
  optionsAs(said: string, options: readonly string[]): string {
    return `${show(said)} is not read: options are written as ${options.map(show).join(' ')}`
  },
  optionAs(said: string, option: string): string {
    return `${show(said)} is not read: an option is written as ${show(option)}`
  },
  oneWord(said: string, option: string): string {
    return `${show(said)} is not read: write ${show(`${option}=…`)} with one word`
  },
  oneNumberWithoutName(said: string, line: string): string {
    return `${show(said)} is not read, for only one number may stand without a name: write ${show(line)}`
  },
  confirm(said: string): string {
    return `${show(said)} is not read: the word is ${show('confirm')}`
  },
  confirmAlone(said: string): string {
    return `${faults.confirm(said)}, and no other words stand beside it`
  },
  confirmToGoOn(said: string): string {
    return `${show(said)} is not read: to go on, the word is ${show('confirm')}`
  },

  // Values.
  notPossible(said: string, expected: string): string {
    return `${show(said)} is not possible; ${expected}`
  },
  /**
   * `example`: the option with a gap for its value; empty for a value that is written without the name of its option.
   */
  missing(option: string, expected: string, example: string): string {
    return `${show(option)} is missing; ${expected}${example === '' ? '' : `: ${show(example)}`}`
  },
  twice(option: string): string {
    return `${show(option)} is given twice`
  },
  otherScale(value: string, scale: string, option: string): string {
    return `${show(`${value} of ${scale}`)} is on another scale: ${show(option)} is a whole number from 1 to 5`
  },
  twoNumbers(said: string, option: string): string {
    return `${show(said)} names two numbers, and ${show(option)} is one`
  },
  openNumber(said: string, number: string, line: string): string {
    return `${show(said)} leaves open what the number is for, so ${show(number)} is not read: write ${show(line)}`
  },
  notTaken(said: string, option: string, expected: string): string {
    return `${show(said)} is a number that ${show(option)} does not take; ${expected}`
  },
  goesOn(option: string): string {
    return `the value of ${show(option)} seems to go on after a blank: put it in quotes`
  },
  tagGoesOn(option: string, said: string): string {
    return `the value of ${show(option)} seems to go on after a blank: ${show(said)}. It takes one tag; one with blanks stands in quotes`
  },
  listGoesOn(option: string, said: string): string {
    return `the value of ${show(option)} seems to go on after a blank: ${show(said)}. Names are separated by commas without blanks, or stand in quotes`
  },
  noMoney(said: string): string {
    return `${show(said)} is not read: a title has words, and no amount of money is kept`
  },

  // Texts.
  hidden: HIDDEN,
  hiddenPiece(said: string): string {
    return `${show(said)} is not read: ${HIDDEN}`
  },
  struck(said: string): string {
    return `${show(said)} has \`~\`, which strikes text out, so it is not read: leave it out, or take the \`~\` off`
  },
  quotedOption(said: string): string {
    return `${show(said)} is an option in quotes: take those off`
  },
  quotedOptions(said: string): string {
    return `${show(said)} has options in quotes: take those off`
  },
  quotedName(said: string): string {
    return `${show(said)} is in quotes, so it is not read as what it names: take those off`
  },
  noText(said: string): string {
    return `no option takes the text ${show(said)}`
  },
  secondText(said: string, option: string): string {
    return `${show(said)} has no name, and ${show(option)} is given already`
  },
  quoteText(said: string): string {
    return `${show(said)} is not read: a text stands in quotes`
  },
  quoteRemark(said: string, option: string): string {
    return `${show(said)} is not read: a remark stands in quotes, ${show(`${option}="…"`)}`
  },
  /** Appends a quoted text that is missing too to the fault of an option. */
  andText(fault: string, option: string): string {
    return `${fault}, and ${option === 'title' ? 'a title' : 'a text'} in quotes, ${show(`${option}="…"`)}`
  },

  // Names of options.
  noOption(said: string, name: string, beside: string | undefined): string {
    const other = beside === undefined ? '' : `, and ${show(beside)} is given beside it`
    return `${show(said)}: there is no option ${show(name)}${other}`
  },
  optionMeant(name: string, instead: string): string {
    return `there is no option ${show(name)}. Did you mean ${show(instead)}?`
  },
  scoreOfItem(said: string, option: string): string {
    return `${show(said)}: an item has no ${show(option)}; a stamp of yours is changed by ${show(commandLine('correct'))}`
  },
  optionName(said: string, option: string): string {
    return `${show(said)} is the name of an option: write ${show(`${option}=…`)}`
  },
  optionNameSoWritten(said: string, option: string): string {
    return `${show(said)} is the name of an option, and is not read so: write ${show(`${option}=…`)}`
  },
  likeOption(said: string, option: string): string {
    return `${show(said)} looks like an option: write ${show(`${option}=…`)}`
  },
  /** `replaces`: the option of that name that the command has, which replaces a value. */
  noSuchOption(said: string, replaces?: string): string {
    const right = replaces === undefined ? '' : `: ${show(`${replaces}=…`)} is one, and replaces what there is`
    return `${show(said)} looks like an option, and is none${right}`
  },
  textFlag(said: string, option: string): string {
    return `${show(said)} is not read so: write ${show(`${option}="…"`)}`
  },

  // People and what a command acts on.
  person(login: string): string {
    return `a person is written ${show(`@${login}`)}`
  },
  personWithAt(said: string): string {
    return `${show(said)} is not read; a person is written with an ${show('@')}, such as ${show('@octocat')}`
  },
  handle(said: string): string {
    return `${show(said)} is not possible; expected the handle of a rig without ${show('@')}`
  },
  /** `first`: what the command names already, where it names a second one. */
  notActedOn(said: string, first?: string): string {
    const why = first === undefined ? '' : `: it has ${show(first)} already, and one command is about one`
    return `${show(said)} is not something this command can act on${why}`
  },
  second(said: string, first: string): string {
    return `${show(said)} is not read: one command is about one, and this has ${show(first)}`
  },
  /** `who`: the person who has to write the command; undefined where the name is not known. */
  forOneself(said: string, command: string, who: string | undefined): string {
    const whom = who === undefined ? 'who is meant' : show(who)
    return `${show(said)} is not read: ${show(command)} is for oneself, so ${whom} comments ${show(commandLine(command))}`
  },
  noPerson(said: string, command: string): string {
    return `${show(said)} is not read: ${show(command)} names no person`
  },

  // Words that look like something else than prose.
  wordsAhead(said: string): string {
    return `${show(said)} stands before an option or a name, where no other words are read`
  },
  wordsAheadLeftOut(said: string): string {
    return `${faults.wordsAhead(said)}: leave it out`
  },
  noSuchWord(said: string): string {
    return `${show(said)} is not read: this command takes no such word`
  },
  link(said: string): string {
    return `${show(said)} is a link, which this command does not take here`
  },
  number(said: string): string {
    return `${show(said)} is a number that no option takes here`
  },
  numberSign(said: string): string {
    return `${show(said)} is not read here; an item is named by its id, \`w-\` and ten hex digits`
  },
  stars(said: string): string {
    return `${show(said)} is not read: a score is a number from 1 to 5`
  },
} as const
