/** The style sheet of all pages. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf7; --card: #fff; --ink: #22252a; --soft: #5d636d; --line: #e2dfd7;
  --accent: #9a4b12; --accent-ink: #fff; --field: #8b877d; --bad: #a3211b; --bad-ground: #fdf0ee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #16181b; --card: #1e2125; --ink: #e6e4df; --soft: #a3a8b0; --line: #33373d;
    --accent: #eba264; --accent-ink: #22140a; --field: #7b818a; --bad: #ff9c92; --bad-ground: #33201f;
  }
}
* { box-sizing: border-box }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere;
}
header, main { max-width: 44rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 1.5rem; color: var(--soft); font-size: .9rem; letter-spacing: .02em; display: flex; flex-wrap: wrap;
  justify-content: space-between; gap: 0 1rem }
nav { display: flex; flex-wrap: wrap; gap: 0 1rem }
nav a[aria-current] { font-weight: 600; text-decoration: none }
main { padding-bottom: 4rem }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .4rem 0 1rem; text-wrap: balance }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .6rem 0; max-width: 38rem }
a { color: var(--accent); text-underline-offset: .15em }
code { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
pre { margin: .6rem 0; padding: .75rem 1rem; white-space: pre-wrap; background: var(--card);
  border: 1px solid var(--line); border-radius: .5rem }
.soft { color: var(--soft) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .25rem 1.1rem;
  margin: 1rem 0 }
.fault { background: var(--bad-ground); border-left: .25rem solid var(--bad); border-radius: .3rem;
  padding: .6rem 1rem; margin: 1rem 0 }
dl { margin: 0 }
dl > div { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: .1rem 1rem; padding: .55rem 0 }
dl > div + div { border-top: 1px solid var(--line) }
dt { font-weight: 600 }
dd { margin: 0; color: var(--soft) }
ol, ul { padding-left: 1.3rem } li { margin: .6rem 0 }
fieldset { border: 1px solid var(--line); border-radius: .6rem; background: var(--card); margin: 1.25rem 0;
  padding: .4rem 1.1rem .9rem }
fieldset > label { display: block }
legend { font-weight: 600; padding: 0 .35rem; margin-left: -.35rem }
.choice { display: grid; grid-template-columns: 1.3rem 1fr; align-items: baseline; gap: .1rem .5rem; margin: .7rem 0 }
.choice > :not(input:first-child) { grid-column: 2 }
.choice > label:first-of-type { font-weight: 500; grid-row: 1 }
input[type=radio] { accent-color: var(--accent); margin: 0; transform: translateY(.1rem) }
input[type=text], input[type=url] {
  width: 100%; max-width: 26rem; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--field); border-radius: .4rem; padding: .4rem .6rem; margin-top: .25rem;
}
.button, button {
  display: inline-block; font: inherit; font-weight: 600; color: var(--accent-ink); background: var(--accent);
  border: 0; border-radius: .45rem; padding: .6rem 1.2rem; margin: .4rem 0; text-decoration: none; cursor: pointer;
}
.button:hover, button:hover { filter: brightness(1.08) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
details > summary { cursor: pointer; margin: .8rem 0 }
@media (max-width: 34rem) {
  dl > div { grid-template-columns: minmax(0, 1fr) }
  .button, button { width: 100%; text-align: center }
}
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem }
form { margin: 0 }
.lead { font-size: 1.05rem }
.small { font-size: .875rem }
.number { font-variant-numeric: tabular-nums }
ul.card { padding-left: 2.2rem }
.card > h2:first-child, .card > h3:first-child { margin-top: .9rem }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; margin: 1rem 0 }
.button.second, button.second { color: var(--accent); background: none; box-shadow: inset 0 0 0 1px var(--field) }
.button.danger, button.danger { color: var(--ground); background: var(--bad) }
button.plain { padding: 0; font-weight: 400; color: var(--accent); background: none; text-decoration: underline;
  text-underline-offset: .15em; width: auto }
.person { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; color: var(--soft) }
.person button { margin: 0 }
.note { border-left: .25rem solid var(--field); padding: .1rem 1rem; margin: 1rem 0 }
.picture { float: right; width: 5rem; height: 5rem; margin: 0 0 .75rem 1rem; border-radius: .6rem }
.facts { margin: .2rem 0; color: var(--soft) }
.steps { display: grid; grid-template-columns: repeat(4, 1fr); gap: .4rem; list-style: none; padding: 0; margin: 1rem 0 }
.steps li { margin: 0; padding-top: .4rem; border-top: .25rem solid var(--line); color: var(--soft); font-size: .875rem }
.steps li[data-at=past] { border-color: var(--accent) }
.steps li[data-at=now] { border-color: var(--accent); color: var(--ink); font-weight: 600 }
.standing { min-height: 1.6rem; margin: .9rem 0 0 }
.standing + p { min-height: 1.6rem; margin-top: 0 }
progress { display: block; width: 100%; height: .6rem; margin: 1rem 0 .6rem; border: 0; border-radius: .3rem;
  overflow: hidden; appearance: none; background: var(--line); accent-color: var(--accent) }
progress::-webkit-progress-bar { background: var(--line) }
progress::-webkit-progress-value { background: var(--accent); transition: width .3s }
progress::-moz-progress-bar { background: var(--accent) }
.dimension { padding: .8rem 0 }
.dimension + .dimension { border-top: 1px solid var(--line) }
.dimension h3 { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; margin: 0 }
.dimension h3 b { font-size: 1.35rem; line-height: 1.2; font-variant-numeric: tabular-nums; white-space: nowrap }
.dimension h3 small { font-size: .8rem; font-weight: 400; color: var(--soft) }
.bar { display: block; width: 100%; height: .5rem; margin: .35rem 0 .6rem; border-radius: .25rem; background: var(--line);
  fill: var(--accent) }
.evidence { padding: 0; margin: 0; list-style: none }
.evidence li { display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: .6rem; margin: .35rem 0; font-size: .925rem }
.evidence li > span:first-child { text-align: right; color: var(--soft); font-variant-numeric: tabular-nums }
.check { font-size: .8rem }
.stacked > div { grid-template-columns: minmax(0, 1fr) }
.whole { display: inline-block; max-width: 100% }
a .whole { text-decoration: underline; text-underline-offset: .15em }
header a { color: inherit }
.tag { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8rem;
  font-weight: 400; color: var(--soft); max-width: 100% }
@media (max-width: 34rem) {
  .standing { min-height: 3.2rem }
  .dimension h3 span > small { display: block }
  .actions { flex-direction: column; align-items: stretch }
  .actions form, .actions .button { width: 100% }
}
@media (prefers-reduced-motion: reduce) { progress::-webkit-progress-value { transition: none } }
`
