/**
 * Context and events of the matchmaking machine.
 *
 * Everything that the machine cannot know (block time, whether another request binds a tutor or has
 * used a nonce, whether a quote is genuine, who the caller is to this request just now) is a fact
 * inside the event; that keeps it pure.
 */

/** Tutor is whom the request was proposed to last; matchmaker and session escrow are deployed. */
export type MatchRole = 'student' | 'tutor' | 'matchmaker' | 'sessionEscrow' | 'stranger'

export interface MatchInput {
  /** Kind of the token of the terms. */
  readonly token: string
  readonly maxRateUnits: bigint
  /** What the terms ask for; it is the request's from the request on. */
  readonly termsCapUnits: bigint
  readonly proposalTtlSeconds: number
  readonly maxAttempts: number
  readonly depositWindowSeconds: number
  readonly credentialSeconds: number
}

export interface MatchContext extends MatchInput {
  /** Proposals of this search. */
  readonly attempts: number
  /** Participant whom the request was proposed to last; null before. */
  readonly tutor: string | null
  readonly proposedAtSeconds: number
  readonly acceptedAtSeconds: number
  /** Base units a second; zero before an acceptance. */
  readonly rateUnits: bigint
  /** hardened: of the accepted quote; zero before. */
  readonly quoteExpirySeconds: number
  readonly quoteNonce: bigint
  /** First second in which the request does not bind its tutor; 2^64 − 1 in a match. */
  readonly boundUntilSeconds: bigint
  readonly capUnits: bigint
  readonly bookedForSeconds: number
  readonly billedSeconds: number
  /** Number of credentials that were minted for this request. */
  readonly credentials: number
  /** Participant who holds the newest of them; null before. */
  readonly holder: string | null
  /** Scores by the student and by the tutor; zero before. */
  readonly ratingStudent: number
  readonly ratingTutor: number
}

export type MatchAction =
  | 'request'
  | 'propose'
  | 'noMatch'
  | 'accept'
  | 'decline'
  | 'lapse'
  | 'consume'
  | 'release'
  | 'reduceCap'
  | 'waitlist'
  | 'book'
  | 'cancel'
  | 'complete'
  | 'transferCredential'
  | 'rate'

/** The tutor's word, as it is presented. */
export interface Quote {
  readonly expirySeconds: number
  readonly nonce: bigint
  /** Whether another request has accepted a quote of this tutor with this nonce. */
  readonly isUsed: boolean
  /** Signed by the proposed tutor, for this request and this very content. */
  readonly isAuthentic: boolean
}

export interface MatchEvent {
  readonly type: MatchAction
  readonly by: MatchRole
  readonly atSeconds: number
  /** The student of the request, by name. */
  readonly student: string
  /** propose: who, whether it may be a tutor at all, and whether another request binds it. */
  readonly proposed?: {
    readonly tutor: string
    readonly valid: boolean
    readonly busy: boolean
  }
  /** accept, consume: base units a second. */
  readonly rateUnits?: bigint
  /** accept (hardened). */
  readonly quote?: Quote
  /** consume: whether the escrow asks for the student of the request. */
  readonly isForStudent?: boolean
  /** reduceCap: in base units. */
  readonly capUnits?: bigint
  /** book: when the hand-over is to start. */
  readonly bookedForSeconds?: number
  /** complete. */
  readonly billedSeconds?: number
  /** transferCredential: to whom, whether that is possible, and whether the caller has it. */
  readonly handOver?: {
    readonly to: string
    readonly valid: boolean
    readonly byHolder: boolean
  }
  /** rate. */
  readonly score?: number
}
