/** A request that can't be run. It is answered with this status and the message as a JSON string. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;

  constructor(status: 400 | 404 | 413 | 500 | 503, message: string) {
    super(message);
    this.status = status;
  }
}
