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
  /** Whether something that the job needs is not here or not sound: another runner may have it. */
  readonly lacking: boolean = false;
}

/** Something that the job needs is not here, or not what it should be, such as an image. */
export class Lacking extends GivenBack {
  override readonly name: string = "Lacking";
  override readonly lacking = true;
}

/** An image that the job needs is not here and could not be had; jobs of other images go on. */
export class ImageNotHad extends Lacking {
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
