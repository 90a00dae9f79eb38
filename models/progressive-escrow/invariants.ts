export const progressiveEscrowInvariants = []
export const progressiveRefutations = []
