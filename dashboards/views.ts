/**
 * The views in the order of the navigation. The first is where a reader lands.
 */
import type { ViewInfo } from './lib/context.ts'
import { checksView } from './views/checksView.ts'
import { claimsView } from './views/claimsView.ts'
import { counterexampleView } from './views/counterexampleView.ts'
import { designView } from './views/designView.ts'
import { exposureView } from './views/exposureView.ts'
import { latencyView } from './views/latencyView.ts'
import { lifecycleView } from './views/lifecycleView.ts'
import { sweepView } from './views/sweepView.ts'

export const VIEWS: readonly ViewInfo[] = [
  {
    id: 'claims',
    label: 'Claims',
    show: claimsView,
    help: [
      ['arrows', 'move in the grid, Enter opens a cell'],
      ['/', 'filter: s:violated -r:congestion p:hardened i:INV-CAP words'],
    ],
  },
  {
    id: 'counterexample',
    label: 'Counterexamples',
    show: counterexampleView,
    help: [
      ['j k', 'step on and back, arrows too'],
      ['n', 'next divergence of model and contract'],
      ['c', 'copy the replay command'],
    ],
  },
  {
    id: 'lifecycle',
    label: 'Lifecycle',
    show: lifecycleView,
    help: [['j k', 'step through the run that is played over the chart']],
  },
  { id: 'latency', label: 'Latency', show: latencyView },
  { id: 'exposure', label: 'Exposure', show: exposureView },
  { id: 'design', label: 'Design', show: designView },
  { id: 'sweep', label: 'Sweep', show: sweepView },
  { id: 'checks', label: 'Confidence', show: checksView },
]
