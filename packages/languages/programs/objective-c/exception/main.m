#import <objc/Object.h>

@interface Problem : Object
@end

@implementation Problem
@end

int main(void) {
    @throw [Problem class];
}
