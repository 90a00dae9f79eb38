/**
 * The head of a story: which one, what it found, how far it was shrunk, how to replay it.
 */
import { ladderText } from '../../reports/ladder.ts'
import { OUTCOME_LOOKS } from '../../reports/verdict.ts'
import type { ViewContext } from '../lib/context.ts'
import { button, h, segmented } from '../lib/dom.ts'
import { counted, grouped } from '../lib/format.ts'
import { badge, scopeText } from '../lib/pieces.ts'
import { framesOf, originalOf, replayCommandOf, type Story } from '../lib/story.ts'

export function storyHead(context: ViewContext, story: Story): HTMLElement {
  const { params } = context
  const look = {
    Counterexamples: OUTCOME_LOOKS.violated,
    'Refuted as expected': OUTCOME_LOOKS.refuted,
  }
  const mark = look[story.group as keyof typeof look]
  const { failure } = story
  const command = replayCommandOf(story)
  const origin =
    failure === null ? '' : `, contract ${failure.contract}, campaign ${failure.campaign}`
  return h(
    'header',
    { class: 'story-head' },
    storyPicker(context, story),
    h(
      'h2',
      {},
      mark === undefined ? null : badge(mark),
      ` ${story.title}${story.finding === story.title ? '' : `: ${story.finding}`}`,
    ),
    h(
      'p',
      { class: 'quiet' },
      `${scopeText(story.scope)}, run ${story.run}${origin}. ${shrinkSentence(story)}`,
    ),
    story.original === null
      ? null
      : segmented({
          ...{ label: 'Version', value: params.version ?? 'shrunk' },
          options: [
            { value: 'shrunk', label: `shrunk (${counted(framesOf(story).length, 'step')})` },
            {
              value: 'original',
              label: `original (${counted(framesOf(originalOf(story)).length, 'step')})`,
            },
          ],
          onChange: (version) =>
            context.go('counterexample', {
              ...params,
              version: version === 'original' ? version : '',
              step: '',
            }),
        }),
    command === null
      ? null
      : h(
          'p',
          { class: 'replay' },
          h('code', {}, command),
          button('Copy replay command', () => copyReplay(context, story), { class: 'copy' }),
        ),
  )
}

function shrinkSentence({ failure, original }: Story): string {
  if (failure === null) return ''
  const { stepsOriginal, stepsShrunk, shrinkCount } = failure
  const shrinks = counted(shrinkCount, 'shrink')
  const ladder = ladderText(failure.ladder)
  if (ladder !== '') {
    return original === null ? `${ladder}. The original was not kept.` : `${ladder}.`
  }
  const sizes = `${grouped(stepsOriginal)} steps shrunk to ${grouped(stepsShrunk)} in ${shrinks}.`
  return original === null ? `${sizes} The original was not kept.` : sizes
}

function storyPicker({ stories, go }: ViewContext, story: Story): HTMLElement {
  const several = new Set(stories.map(({ scope }) => scope.protocol)).size > 1
  const placeOf = ({ protocol, policy, regime }: Story['scope']) =>
    [...(several ? [protocol] : []), policy, regime].join(', ')
  const select = h('select', { change: () => go('counterexample', { id: select.value }) })
  for (const group of new Set(stories.map((candidate) => candidate.group))) {
    const own = stories.filter((candidate) => candidate.group === group)
    const options = own.map(({ id, title, scope }) =>
      h('option', { value: id, selected: id === story.id }, `${title} (${placeOf(scope)})`),
    )
    const optgroup = h('optgroup', { label: `${group} (${own.length})` }, ...options)
    select.append(optgroup)
  }
  return h('label', { class: 'choice' }, h('span', {}, 'Run'), select)
}

export async function copyReplay({ say }: ViewContext, story: Story): Promise<void> {
  const command = replayCommandOf(story)
  if (command === null) {
    say('This run was not kept as a file; there is nothing to replay.')
    return
  }
  try {
    await navigator.clipboard.writeText(command)
    say('Copied the replay command.')
  } catch {
    say(`Copy it by hand: ${command}`)
  }
}
