#import <objc/Object.h>

@interface Answers : Object
+ (int)answer;
@end
