const ISO_TIME = /\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{3}))?Z\b/g;

/** A sentence of a report with its times as people write them, still in UTC; of midnight the day is enough. */
export function printTimes(sentence: string): string {
  return sentence.replace(ISO_TIME, (_all, day: string, clock: string, fraction = '000') =>
    clock === '00:00:00' && fraction === '000' ? `${day} UTC` : `${day} ${clock} UTC`,
  );
}
