/**
 * An exported run as one Solidity test that needs Foundry and nothing else: no forge-std, no
 * Meterproof.
 */
import { type Abi, getAddress, type Hex } from 'viem'
import { groupDigits } from '../../reports/stepRows.ts'
import type { Check } from './checks.ts'
import { addressNames, type ExportedRun, type ExportedStep } from './exportedRun.ts'
import { FOUNDRY_ACCEPTING, FOUNDRY_CHEATS, FOUNDRY_REPEATING } from './foundryParts.ts'
import { grouped, INTERFACE, quoted, SolidityWriter } from './solidity.ts'

/** Setup happens this long before the first step, in seconds. */
const SETUP_BEFORE_SECONDS = 100

export interface FoundryTestOptions {
  /** Import paths from the test file. */
  readonly underTest: string
  readonly sound: string
  tokenPath(contract: string): string
}

export function foundryTest(run: ExportedRun, options: FoundryTestOptions): string {
  const names = addressNames(run)
  const writer = new SolidityWriter(run.abi, names)
  // Bodies first: they say what has to be declared.
  const setUp = setUpLines(run, writer)
  const test = testLines(run, writer)
  const { stage, tokens, subject } = run
  const tokenContracts = [...new Set(tokens.map(({ contract }) => contract))].sort()
  const used = [...names].filter(([, name]) =>
    [...setUp, ...test, ...writer.helpers()].some((line) => line.includes(name)),
  )
  const lines = [
    '// SPDX-License-Identifier: MIT',
    'pragma solidity ^0.8.28;',
    '',
    ...headLines(run, options),
    '',
    `import {${subject.name} as UnderTest} from ${quoted(options.underTest)};`,
    ...tokenContracts.map((name) => `import {${name}} from ${quoted(options.tokenPath(name))};`),
    '',
    FOUNDRY_CHEATS,
    '',
    '/// What the steps call.',
    `interface ${INTERFACE} {`,
    ...writer.interfaceMembers(),
    '}',
    '',
    `contract ${contractName(run)} {`,
    '    ICheats private constant cheats = ICheats(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);',
    '',
    `    address private constant DEPLOYER = ${writer.address(run.deployer)};`,
    ...used.map(([at, name]) => `    address private constant ${name} = ${plainAddress(at)};`),
    ...writer.constants(),
    '',
    '    function setUp() external {',
    `        cheats.chainId(${stage.chainId});`,
    ...setUp,
    '    }',
    '',
    `    function test_${contractName(run)}() external {`,
    ...test,
    '    }',
    '',
    run.kind === 'prediction' ? FOUNDRY_ACCEPTING : FOUNDRY_REPEATING,
    ...writer.helpers().flatMap((helper) => ['', helper]),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

const plainAddress = (at: string) => getAddress(at as Hex)

/** `INV-NO-OVERPAY` as a name that Solidity takes. */
export function contractName({ file, subject }: ExportedRun): string {
  const claim = (file.finding?.invariant ?? 'HOLDS').replace(/\W+/g, '_')
  return `${claim}_${subject.name}`
}

function headLines(run: ExportedRun, { sound }: FoundryTestOptions): string[] {
  const { file, subject, kind, fails } = run
  const { finding } = file
  const expectation =
    kind === 'prediction'
      ? ['The test expects what the model predicts after each step.']
      : [
          'The model does the same: the mechanism as described breaks this claim. The test says',
          'that the contract must not do exactly this again, up to the step that breaks it.',
        ]
  const verdict = fails
    ? [`It fails on ${subject.name}, which was run to make sure.`]
    : [`It passes on ${subject.name}, which was run to make sure.`]
  const repaired =
    subject.name === run.sound.contractName
      ? []
      : [
          'To try a repaired contract, import that one, for instance:',
          `  import {${run.sound.contractName} as UnderTest} from ${quoted(sound)};`,
        ]
  return [
    `Written by \`meterproof export\`: ${run.title}.`,
    ...(finding === null ? [] : [`Violated: ${finding.evidence}.`]),
    '',
    ...expectation,
    ...verdict,
    ...repaired,
  ].map((line) => `// ${line}`.trimEnd())
}

function setUpLines(run: ExportedRun, writer: SolidityWriter): string[] {
  const { tokens, funded, prelude, steps, stage, constructorData } = run
  const first = steps[0]?.atSeconds ?? SETUP_BEFORE_SECONDS
  const isStanding = (creation: string, at: string) =>
    `        _stands(_create(${creation}), ${writer.address(at)});`
  const created = tokens.map(({ contract, decimals, refused, address }) => {
    const code = `type(${contract}).creationCode`
    const given =
      refused !== undefined
        ? writer.addresses(refused)
        : decimals === undefined
          ? null
          : `${decimals}`
    return isStanding(
      given === null ? code : `bytes.concat(${code}, abi.encode(${given}))`,
      address,
    )
  })
  const constructed = writer.constructed(run.abi, constructorData)
  return [
    `        cheats.warp(${grouped(first - SETUP_BEFORE_SECONDS)});`,
    '        cheats.startPrank(DEPLOYER);',
    ...created,
    isStanding(`bytes.concat(type(UnderTest).creationCode, ${constructed})`, stage.escrow),
    '        cheats.stopPrank();',
    ...funded.flatMap(({ name, units, approves }) =>
      tokens.flatMap(({ address }) => {
        const [holder, token] = [
          writer.address(stage.accounts[name] ?? ''),
          writer.address(address),
        ]
        const mint = `        ITestToken(${token}).mint(${holder}, ${grouped(units)});`
        const approve = [
          `        cheats.prank(${holder});`,
          `        ITestToken(${token}).approve(UNDER_TEST, type(uint256).max);`,
        ]
        return [mint, ...(approves ? approve : [])]
      }),
    ),
    ...prelude.flatMap(({ from, to, data }) => [
      `        cheats.prank(${writer.address(from)});`,
      '        _must(',
      `            ${writer.address(to)},`,
      `            ${writer.call(data)}`,
      '        );',
    ]),
  ]
}

function testLines(run: ExportedRun, writer: SolidityWriter): string[] {
  const lines = run.steps.flatMap((step, index) => [
    ...(index === 0 ? [] : ['']),
    ...stepLines(run, step, index, writer),
  ])
  if (run.kind === 'prediction') return lines
  const evidence = `${run.file.finding?.invariant}: ${run.file.finding?.evidence}`
  return [...lines, '', `        require(!again, ${quoted(evidence)});`]
}

function stepLines(
  run: ExportedRun,
  { call, text, atSeconds, outcome, checks }: ExportedStep,
  index: number,
  writer: SolidityWriter,
): string[] {
  const { kind, abi } = run
  const error =
    outcome.error === null ? '' : errorSignature([...abi, ...run.sound.abi], outcome.error)
  const common = [
    grouped(atSeconds),
    writer.address(call.from),
    writer.address(call.to),
    writer.call(call.data),
  ]
  const [name, args] =
    kind === 'notAgain'
      ? ['_does', [...common, String(outcome.accepted)]]
      : outcome.accepted
        ? ['_accepts', [quoted(`step ${index + 1}`), ...common]]
        : ['_refuses', [quoted(`step ${index + 1}`), ...common, quoted(error)]]
  const said = outcome.accepted ? 'accepted' : `refused: ${outcome.error}`
  const who = kind === 'prediction' ? 'model' : 'contract'
  return [
    `        // ${text}   ${who}: ${said}`,
    `        ${name}(`,
    ...args.map((arg, at) => `            ${arg}${at + 1 < args.length ? ',' : ''}`),
    '        );',
    ...checks.map((check) => checkLine(run, check, writer)),
  ]
}

function checkLine({ stage, kind }: ExportedRun, check: Check, writer: SolidityWriter): string {
  const value = grouped(check.value)
  const what = kind === 'prediction' ? `${quoted(check.what)}, ` : ''
  const note = kind === 'prediction' ? '' : ` // ${check.what}: ${groupDigits(check.value)}`
  if (check.kind === 'balance') {
    const holder = stage.accounts[check.holder] ?? stage.escrow
    const token = stage.tokens[check.token] ?? ''
    const asked = `${writer.address(token)}, ${writer.address(holder)}`
    return `        _holds(${what}${asked}, ${value});${note}`
  }
  const { target, data, word } = check.place
  const asked = `${writer.address(target)}, ${writer.call(data)}, ${word}`
  return `        _shows(${what}${asked}, ${value});${note}`
}

/** `NotFunded(bytes32)`; empty when no error of that name is declared. */
function errorSignature(abi: Abi, name: string): string {
  if (/\(.*\)$/.test(name)) return name
  const found = abi.find((item) => item.type === 'error' && item.name === name)
  if (found?.type !== 'error') return ''
  return `${name}(${found.inputs.map(({ type }) => type).join(',')})`
}
