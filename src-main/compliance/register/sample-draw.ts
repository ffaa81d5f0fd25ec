/** Kind of the record of a drawn sample: it is no report, and nothing left the console by it. */
export const SAMPLE_DRAW = 'sample-draw';
