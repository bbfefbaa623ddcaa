unit module Answer;

sub answer is export {
    6 * 7
}
