/** A hash shortened to both its ends: "4be190c7…e5d2". Short ones stay whole. */
export function shortDigest(digest: string): string {
  return digest.length <= 16 ? digest : `${digest.slice(0, 8)}…${digest.slice(-4)}`;
}

/** The first letters only, where room is scarce and the full value is a click away: "4be1". */
export function tinyDigest(digest: string): string {
  return digest.slice(0, 4);
}

/** The last part of an ARN, what people call the resource: "service/prod/checkout". */
export function resourceOfArn(arn: string): string {
  return arn.split(':').slice(5).join(':') || arn;
}
