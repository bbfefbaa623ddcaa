#import "Answers.h"

@implementation Answers
+ (int)answer {
    return 6 * 7;
}
@end
