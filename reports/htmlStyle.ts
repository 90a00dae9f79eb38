/**
 * Style and script of the static page, inlined so that it opens from a disk without any request.
 *
 * Verdicts are blue, orange and pink, which stay apart for most colour-blind readers; text on them
 * is dark (light in dark mode) for a contrast of at least 4.5:1, and a glyph and a word always go
 * along.
 */
export const HTML_STYLE = `
:root { color-scheme: light dark;
  --page: #ffffff; --panel: #f5f6f8; --line: #d3d7de; --text: #1a1d23; --quiet: #565d69;
  --held: #dcecff; --held-text: #0a4480; --undecided: #ffe8c4; --undecided-text: #6d4200;
  --violated: #ffdaea; --violated-text: #8f0048; --refuted: #e7e4f4; --refuted-text: #41347a;
  --bar: #2f74b8; --link: #0a55a3; }
@media (prefers-color-scheme: dark) { :root {
  --page: #14161a; --panel: #1e2127; --line: #3a3f49; --text: #e9ebef; --quiet: #a8afbb;
  --held: #12304f; --held-text: #a5d0ff; --undecided: #453009; --undecided-text: #ffcd7d;
  --violated: #501030; --violated-text: #ffb3d3; --refuted: #2d2750; --refuted-text: #cdc4ff;
  --bar: #81bffc; --link: #8fc7ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--page);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
a { color: var(--link); } p { max-width: 60rem; }
code, .mono { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.verdict { padding: 1rem 1.25rem; border-radius: .5rem; }
.verdict p, .verdict ul { margin: .25rem 0 0; }
.held { background: var(--held); color: var(--held-text); }
.undecided { background: var(--undecided); color: var(--undecided-text); }
.violated { background: var(--violated); color: var(--violated-text); }
.refuted { background: var(--refuted); color: var(--refuted-text); }
.held a, .undecided a, .violated a, .refuted a { color: inherit; }
.badge { display: inline-block; padding: 0 .5rem; border-radius: .75rem; font-weight: 600;
  white-space: nowrap; }
dl.facts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 1rem 0; }
dl.facts div { min-width: 0; } dl.facts dt { color: var(--quiet); font-size: .8rem; }
dl.facts dd { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--quiet); padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem;
  border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 600; font-size: .875rem; }
tbody th { font-weight: 600; } tbody th .quiet { font-weight: 400; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.quiet { color: var(--quiet); font-size: .875rem; }
.step { background: var(--panel); border-radius: .5rem; padding: .75rem 1rem; margin: .5rem 0;
  border-left: .25rem solid var(--line); }
.step.broken { border-left-color: var(--violated-text); }
.step h4 { margin: 0 0 .25rem; font-size: .95rem; font-weight: 600; }
.step table { font-size: .875rem; table-layout: fixed; } .step td { overflow-wrap: anywhere; }
ol.steps { list-style: none; padding: 0; }
.replay { display: flex; gap: .75rem; align-items: center; background: var(--panel);
  padding: .5rem .75rem; border-radius: .5rem; }
.replay code { flex: 1; }
button { font: inherit; font-size: .875rem; padding: .25rem .75rem; border-radius: .35rem;
  border: 1px solid var(--quiet); background: var(--page); color: var(--text); cursor: pointer; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.bar { height: .8rem; background: var(--bar); border-radius: 0 .2rem .2rem 0; }
.bar-cell { width: 60%; } table.depth { max-width: 44rem; }
details > summary { cursor: pointer; color: var(--link); }
@media print { body { max-width: none; } button { display: none; } }
`

export const HTML_SCRIPT = `
const say = document.getElementById('copied')
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const code = document.getElementById(button.dataset.copy)
    try {
      await navigator.clipboard.writeText(code.textContent)
      say.textContent = 'Copied.'
      button.textContent = 'Copied'
    } catch {
      getSelection().selectAllChildren(code)
      say.textContent = 'Selected; copy it with the keyboard.'
      button.textContent = 'Selected'
    }
  })
}
`
