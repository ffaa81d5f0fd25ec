export const NOT_PROVEN = {
  always: [
    'That nothing was left out before it was written: a chain shows what was recorded, not what should have been.',
    "That the clock of the writing machine was right: times are that machine's own.",
    'That the signing key was in the right hands: whoever holds it can sign.',
  ],
  noPin: 'Whose key this is: compare the key id with one received another way (--key).',
  since:
    'That nothing was cut off after the earlier checkpoint: a file can be cut back to any genuine checkpoint after it.',
  noSince:
    'That nothing was cut off or forked: anybody can cut a file back to an older genuine checkpoint. Compare with a newer one kept elsewhere (--since).',
  unknownWitness:
    'Who made the cosignatures whose key was not given: compare it with one received another way (--witness).',
  witness:
    'That a witness is independent of whoever wrote the chain: it says that it saw this checkpoint, and none before that contradicts it.',
  unsigned: 'That the records were signed: their signatures were not checked, as was asked (--skip-signatures).',
  range: 'What lies outside the range: its hashes are part of the proof, its content is not.',
  extract:
    'That these are all the records selected: an extract proves each record it holds, never that none is left out.',
  extractKeys: 'Which keys were in force: that is the word of the header, not of the chain.',
  rangeKeys: 'Which keys were in force where the range begins: that is the word of the header, not of the chain.',
  erasures: 'How many values were erased in all: there are more than are counted, the rest count as withheld.',
};

/** Of a verdict with the member `synthetic`. */
export const SYNTHETIC = 'Everything in this chain is made up: an example of Causeway, and no evidence of anything.';
