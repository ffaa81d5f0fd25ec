/**
 * A refusal in AWS's own words. `code` is the error code of the service's protocol; for JSON protocols it is the shape
 * name in `__type`, for Query protocols the text of `<Code>`.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}
