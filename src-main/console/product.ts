/** What the program is called wherever it names itself: in records, exports and reports. */
export const PRODUCT = 'Causeway';
