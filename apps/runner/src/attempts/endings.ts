/** Another attempt owns the job: stop, and say nothing more about it. */
export class FenceRefused extends Error {
  override readonly name = "FenceRefused";
  constructor() {
    super("another attempt owns this job now");
  }
}

/** Someone withdrew the job. */
export class JobCancelled extends Error {
  override readonly name = "JobCancelled";
  constructor() {
    super("the job was withdrawn");
  }
}

/** This runner can't go on with the job; it belongs back in the queue, with the reason. */
export class GivenBack extends Error {
  override readonly name: string = "GivenBack";
  /** Whether this machine should be looked at before it takes more jobs. */
  readonly blamesMachine: boolean = true;
}

/** An image that the job needs could not be had here; jobs of other images go on. */
export class ImageNotHad extends GivenBack {
  override readonly name = "ImageNotHad";
  override readonly blamesMachine = false;
}

/** What the job asks for can't be done on any machine; another attempt would end the same. */
export class JobRefused extends Error {
  override readonly name = "JobRefused";
}

/** The runner stops at once: nothing is said any more, the lease runs out by itself. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";
  constructor() {
    super("the runner stopped at once");
  }
}
