import { judgePlaces } from "./feedback.ts";

/** What has to be done in the box of a validator, around the validator. */
export interface Around {
  /** It runs in the directory that holds the submission, as 2025-09 asks. */
  readonly besideSubmission: boolean;
  /** Path of its input where its feedback directory is needed again; null = there is one pass only. */
  readonly multiPass: string | null;
}

/**
 * A work directory is kept of a program that exits with 0, so accepting and 0 trade places. The shell
 * gives up the descriptors, or the other side would never see the validator close them, and ends by the
 * signal that ended the validator.
 */
const swapping = (input: string): string => `rm -f /w/${judgePlaces.feedback}/nextpass.in
for old in /w/${judgePlaces.input} /w/${judgePlaces.laterInput}*; do
  [ "$old" = /w/${input} ] || rm -f "$old"
done
exec 3<&0
"$@" <&3 3<&- &
exec <&- >&- 3<&-
wait $!
code=$?
case $code in 42) exit 0;; 0) exit 42;; esac
[ $code -gt 128 ] && kill -$((code - 128)) $$
exit $code`;

/** A shell script for `ToolRun.around`. */
export const around = ({ besideSubmission, multiPass }: Around): string | null => {
  if (!besideSubmission && multiPass === null) return null;
  return [
    ...(besideSubmission ? [`cd /w/${judgePlaces.submission} || exit 1`] : []),
    multiPass === null ? 'exec "$@"' : swapping(multiPass),
  ].join("\n");
};
