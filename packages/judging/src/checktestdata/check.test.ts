import { describe, expect, test } from "vitest";
import { checkProgram, checkTestData } from "./check.ts";
import type { CheckOptions } from "./check.ts";

/** "ok", or where and why not. */
const check = (program: string, input: string | Uint8Array, options?: CheckOptions): string => {
  const result = checkTestData(program, Buffer.from(input), options);
  return result.ok ? "ok" : `${result.where} ${result.line}:${result.column} ${result.message}`;
};

const numbers = `# two sorted numbers
INT(1,100,n) NEWLINE
REPI(i,n,SPACE) INT(-5,1000000000000000000000,a[i]) IF(i>0) ASSERT(a[i]>=a[i-1]) END END NEWLINE`;

describe("each command", () => {
  test.each<[string, string, string | RegExp]>([
    // Plain ones.
    ["", "", "ok"],
    ["", "x", 'input 1:1 expected the end of the input, found "x"'],
    ["EOF", "", "ok"],
    ["EOF INT(0,1)", "", "ok"],
    ["SPACE", " ", "ok"],
    ["SPACE", "\t", "input 1:1 expected a space, found the byte 0x09"],
    ["SPACE", "", "input 1:1 expected a space, found the end of the input"],
    ["NEWLINE", "\n", "ok"],
    ["NEWLINE NEWLINE", "\n", "input 2:1 expected a newline, found the end of the input"],
    ["NEWLINE", "\r\n", "input 1:1 expected a newline, found the byte 0x0d (a Windows line end)"],
    // INT.
    ["INT(1,10)", "10", "ok"],
    ["INT(1,10)", "11", "input 1:1 the integer 11 is not from 1 to 10"],
    ["INT(1,10)", "0", "input 1:1 the integer 0 is not from 1 to 10"],
    ["INT(-3,3)", "-3", "ok"],
    ["INT(-3,3)", "-0", "input 1:1 the integer -0, which is written 0"],
    ["INT(-3,3)", "+1", 'input 1:1 expected an integer, found "+1"'],
    ["INT(0,100)", "007", "input 1:1 an integer with leading zeros"],
    ["INT(0,100)", "00", "input 1:1 an integer with leading zeros"],
    ["INT(0,100)", "-", 'input 1:1 expected an integer, found "-"'],
    ["INT(0,100)", "1.0", 'input 1:2 expected the end of the input, found ".0"'],
    ["INT(0,10^30)", `1${"0".repeat(30)}`, "ok"],
    ["INT(0,10^30)", `1${"0".repeat(29)}1`, /is not from 0 to 10{30}/u],
    [
      "INT(0,10^30-1)",
      `1${"0".repeat(30)}`,
      `input 1:1 the integer 1${"0".repeat(30)} is not from 0 to ${"9".repeat(30)}`,
    ],
    [
      "INT(0,9007199254740992)",
      "9007199254740993",
      "input 1:1 the integer 9007199254740993 is not from 0 to 9007199254740992",
    ],
    ["INT(1,5,n) SPACE INT(n,n)", "3 3", "ok"],
    ["INT(1,5,n) SPACE INT(n,n)", "3 4", "input 1:3 the integer 4 is not from 3 to 3"],
    ["INT(0,1.5)", "1", "program 1:1 expected an integer, not a float (15e-1)"],
    // FLOAT.
    ["FLOAT(0,1)", "0.5", "ok"],
    ["FLOAT(0,1)", "1", "ok"],
    ["FLOAT(0,1)", "00.5", "ok"],
    ["FLOAT(0,1)", "1.000000000000000000000000000001", /not from 0 to 1/u],
    ["FLOAT(0,1)", "-0.0", "ok"],
    ["FLOAT(0,1)", "5e-1", "ok"],
    ["FLOAT(0,1)", ".5", 'input 1:1 expected a float, found ".5"'],
    ["FLOAT(0,1)", "1.", 'input 1:2 expected the end of the input, found "."'],
    ["FLOAT(0,1)", "nan", 'input 1:1 expected a float, found "nan"'],
    ["FLOAT(0,1)", "0x1", 'input 1:2 expected the end of the input, found "x1"'],
    ["FLOAT(0,1000,x,FIXED)", "5e2", 'input 1:2 expected the end of the input, found "e2"'],
    ["FLOAT(0,1000,x,FIXED)", "500.25", "ok"],
    ["FLOAT(0,1000,x,SCIENTIFIC)", "5e2", "ok"],
    ["FLOAT(0,1000,x,SCIENTIFIC)", "500", 'input 1:1 expected a float in scientific notation, found "500"'],
    ["FLOAT(0,1e100)", "9.9E+99", "ok"],
    ["FLOAT(0,1e100)", "1e101", /not from 0 to/u],
    ["FLOAT(0,1)", "1e-999999999", "ok"],
    ["FLOAT(0,1)", "1e99999999999", "input 1:1 a float with too many digits"],
    ["FLOATP(0,1,2,3)", "0.25", "ok"],
    ["FLOATP(0,1,2,3)", "0.5", "input 1:1 a float with 1 decimals instead of 2 to 3"],
    ["FLOATP(0,1,0,2,x,FIXED) ASSERT(x == 0.25)", "0.25", "ok"],
    ["FLOAT(0,1,x) ASSERT(x+x == 0.2)", "0.1", "ok"],
    // STRING and REGEX.
    ['STRING("yes")', "yes", "ok"],
    ['STRING("yes")', "yet", 'input 1:3 expected the string "yes", found "t"'],
    ['STRING("yes")', "ye", 'input 1:3 expected the string "yes", found the end of the input'],
    [String.raw`STRING("a\tb\"\\\101\n")`, 'a\tb"\\A\n', "ok"],
    ['STRING("a\\\nb")', "ab", "ok"],
    [String.raw`STRING("\d")`, String.raw`\d`, "ok"],
    ['STRING("a\nb")', "a\nb", "ok"],
    ['STRING("é")', "é", "ok"],
    ["STRING(5)", "5", "program 1:1 STRING takes a string, not an integer"],
    ['REGEX("[a-z]{3}")', "abc", "ok"],
    ['REGEX("[a-z]{3}")', "ab", /expected a match/u],
    ['REGEX("[a-z]+",s) ASSERT(STRLEN(s)==4)', "abcd", "ok"],
    ['REGEX("[a-z]+",s) SPACE STRING(s)', "ab ab", "ok"],
    ['REGEX("p|ps")', "ps", 'input 1:2 expected the end of the input, found "s"'],
    ['REGEX("(ps|p)+")', "psp", "ok"],
    ['REGEX(".*")', "a\nb", /found a newline/u],
    ['REGEX("[^\\n]*") NEWLINE', "a b\n", "ok"],
    ['REGEX("[0-9]+(\\\\.[0-9]{2})?")', "12.50", "ok"],
    ['REGEX("[-a]{2}")', "-a", "ok"],
    ['REGEX("[]a]")', "]", /./u],
    ['REGEX("(")', "(", /program 1:1 the regular expression/u],
    ['REGEX("[01]{1,100000}")', "01".repeat(50_000), "ok"],
    ['REGEX("[01]{1,100000}")', `${"01".repeat(50_000)}0`, /input 1:100001/u],
    ['REGEX("[a-z]{1,5000} [0-9]{1,5000}\\n")', `${"q".repeat(5000)} ${"7".repeat(5000)}\n`, "ok"],
    ['REGEX("a*ab")', "aaab", "ok"],
    ['REGEX("(a|b)*abb")', "ababb", "ok"],
    // SET, UNSET, arrays.
    ["SET(a=2+3*4) ASSERT(a==14)", "", "ok"],
    ["SET(a=1,b=2) ASSERT(a+b==3)", "", "ok"],
    ["SET(a[1,2]=5) ASSERT(a[1,2]==5)", "", "ok"],
    ["SET(a[1]=5) UNSET(a) ASSERT(a[1]==5)", "", "program 1:1 the variable a[1] has no value"],
    ["ASSERT(x==1)", "", "program 1:1 the variable x has no value"],
    ["SET(a=1) SET(a[0]=2) ASSERT(a==1 && a[0]==2)", "", "ok"],
    ['SET(a["x"]=1)', "", 'program 1:1 expected an integer, not a string ("x")'],
    // Loops.
    ["REP(3,SPACE) INT(1,1) END", "1 1 1", "ok"],
    ["REP(3,SPACE) INT(1,1) END", "1 1", "input 1:4 expected a space, found the end of the input"],
    ["REP(0) SPACE END", "", "ok"],
    ["REP(-1) SPACE END", "", "program 1:1 REP can't be done -1 times"],
    ["REP(2^40) END", "", /REP can't be done/u],
    ["REPI(i,3,SPACE) INT(i,i) END ASSERT(i==3)", "0 1 2", "ok"],
    ["WHILE(!ISEOF) INT(0,9) NEWLINE END", "1\n2\n", "ok"],
    ['WHILE(!MATCH("."),SPACE) INT(0,9) END STRING(".")', "1 2 3.", "ok"],
    ['WHILE(!MATCH(".")) INT(0,9) END STRING(".")', ".", "ok"],
    ['WHILEI(i,MATCH("ab")) REGEX("[ab]") END ASSERT(i==4)', "abba", "ok"],
    ["REP(2,NEWLINE) REP(2,SPACE) INT(0,9) END END", "1 2\n3 4", "ok"],
    // Conditions.
    ['INT(0,9,n) IF(n>5) STRING("big") ELSE STRING("small") END', "7big", "ok"],
    ['INT(0,9,n) IF(n>5) STRING("big") ELSE STRING("small") END', "3small", "ok"],
    ['INT(0,9,n) IF(n>5) STRING("big") END', "3", "ok"],
    ["IF(1==1) IF(1==2) SPACE ELSE NEWLINE END ELSE SPACE END", "\n", "ok"],
    ["IF(5) END", "", "program 1:1 expected a test, not an integer"],
    // Tests.
    ["ASSERT(1<2 && 2<=2 && 3>2 && 3>=3 && 1==1 && 1!=2)", "", "ok"],
    ["ASSERT(1==2 || 2==2)", "", "ok"],
    ["ASSERT(!(1==2) && !1==2)", "", "ok"],
    ["ASSERT(1==2 || 1==1 && 1==2)", "", "input 1:1 the assertion of line 1 does not hold"],
    ['ASSERT("abc"<"abd" && "B"<"a" && "a"!="b")', "", "ok"],
    ['ASSERT("a"<1)', "", "program 1:1 a string can't be compared with an integer"],
    ["ASSERT(1<2<3)", "", /can't be compared/u],
    ["REPI(i,3,SPACE) INT(0,9,a[i]) END ASSERT(UNIQUE(a))", "1 2 3", "ok"],
    ["REPI(i,3,SPACE) INT(0,9,a[i]) END ASSERT(UNIQUE(a))", "1 2 1", /assertion/u],
    ["REPI(i,2,SPACE) INT(0,9,x[i]) SPACE INT(0,9,y[i]) END ASSERT(UNIQUE(x,y))", "1 2 1 3", "ok"],
    ["REPI(i,2,SPACE) INT(0,9,x[i]) SPACE INT(0,9,y[i]) END ASSERT(UNIQUE(x,y))", "1 2 1 2", /assertion/u],
    ["SET(a[0]=1) SET(b[1]=1) ASSERT(UNIQUE(a,b))", "", /assertion/u],
    ["SET(a[0]=1) SET(a[1]=1.0) ASSERT(UNIQUE(a))", "", /assertion/u],
    ["ASSERT(UNIQUE(a))", "", "program 1:1 the variable a has no value"],
    ["SET(a[5]=7) ASSERT(INARRAY(7,a) && INARRAY(7.0,a) && !INARRAY(5,a))", "", "ok"],
    ["SET(a[5]=7) ASSERT(INARRAY(7,a)) SET(a[5]=8) ASSERT(!INARRAY(7,a) && INARRAY(8,a))", "", "ok"],
    ['SET(a[0]="1") ASSERT(!INARRAY(1,a))', "", "ok"],
    ['ASSERT(STRLEN("abc")==3)', "", "ok"],
    // Arithmetic.
    ["ASSERT(-7/2==-3 && -7%2==-1 && 7/2==3 && 7%-2==1)", "", "ok"],
    ["ASSERT(2^3^2==64 && -2^2==-4 && (-2)^3==-8 && 2^0==1)", "", "ok"],
    ["ASSERT(2^100==1267650600228229401496703205376)", "", "ok"],
    ["ASSERT(9007199254740991+1==9007199254740992 && 9007199254740991*9007199254740991>0)", "", "ok"],
    ["ASSERT(10^20/10^18==100 && 10^20%7==2)", "", "ok"],
    ["ASSERT(0.1+0.2==0.3 && 1/4==0 && 1.0/4==0.25 && 1.5*2==3 && -(1.5)==-1.5)", "", "ok"],
    ["ASSERT(1.5^2==2.25)", "", "ok"],
    ["ASSERT(1/0==1)", "", "program 1:1 division by zero"],
    ["ASSERT(1%0==1)", "", "program 1:1 division by zero"],
    ["ASSERT(1.0/0==1)", "", "program 1:1 division by zero"],
    ["ASSERT(1.5%2==1)", "", "program 1:1 % takes integers only"],
    ["ASSERT(2^-1==1)", "", "program 1:1 an exponent must be an integer of at least 0"],
    ['ASSERT("a"+"b"=="ab")', "", "program 1:1 + can't be applied to a string and a string"],
    // Comments and blanks.
    ["# nothing\nSPACE # a space\n", " ", "ok"],
    ['STRING("# none")', "# none", "ok"],
    [numbers, "3\n-5 0 1000000000000000000000\n", "ok"],
    [numbers, "3\n-5 1 0\n", "input 2:7 the assertion of line 3 does not hold"],
    [numbers, "3\n-5 1 2 \n", "input 2:7 expected a newline, found a space"],
    [numbers, "3\n-5 1 2", "input 2:7 expected a newline, found the end of the input"],
    [numbers, "3\n-5 1 2\n\n", "input 3:1 expected the end of the input, found a newline"],
  ])("%j on %j", (program, input, expected) => {
    const result = check(program, input);
    expect(typeof expected === "string" ? result === expected : expected.test(result), result).toBe(true);
  });

  test("takes any bytes", () => {
    expect(check('REGEX("[^\\n]*",s) NEWLINE ASSERT(STRLEN(s)==3)', Buffer.from([0, 255, 128, 10]))).toBe(
      "ok",
    );
    expect(check("SPACE", Buffer.from([255]))).toBe("input 1:1 expected a space, found the byte 0xff");
  });

  test("white space may be lenient", () => {
    const program = "INT(1,2) SPACE INT(1,2) NEWLINE";
    const options = { lenientWhitespace: true };
    expect(check(program, "  1 \t 2  \n  ", options)).toBe("ok");
    expect(check(program, "1 \t 2\n")).not.toBe("ok");
    expect(check(program, "12\n", options)).not.toBe("ok");
    expect(check(program, "1\n2\n", options)).not.toBe("ok");
  });
});

describe("a broken program", () => {
  test.each([
    ["INT(1,2", 'program 1:8 expected ")", not the end of the program'],
    ["SPACE\nFOO", "program 2:1 unknown command FOO"],
    ["INT(1)", 'program 1:6 expected ",", not ")"'],
    ["REP(2)\nSPACE", "program 2:6 expected END of the REP of line 1, not the end of the program"],
    ["END", "program 1:1 END without a block that it could end"],
    ["IF(1==1) SPACE ELSE SPACE ELSE SPACE END", 'program 1:27 expected END of the IF of line 1, not "ELSE"'],
    ["ELSE", "program 1:1 ELSE without a block that it could end"],
    ["int(1,2)", 'program 1:1 expected a command, not "int"'],
    ['STRING("abc', "program 1:8 a string that never ends"],
    [String.raw`STRING("\777")`, String.raw`program 1:8 \777 is more than a byte can hold`],
    ["SET(a)", 'program 1:6 expected "=", not ")"'],
    ["SET(1=1)", 'program 1:5 expected the name of a variable, not "1"'],
    ["FLOAT(0,1,x,ROUND)", "program 1:13 unknown option ROUND"],
    ["ASSERT(FOO(1))", "program 1:8 unknown function FOO"],
    ["ASSERT(1 = 1)", 'program 1:10 expected ")", not "="'],
    ["SPACE $", 'program 1:7 unexpected character "$"'],
    ["ASSERT()", 'program 1:8 expected a value, not ")"'],
  ])("%j", (program, expected) => {
    expect(check(program, "")).toBe(expected);
    expect(checkProgram(program)).toMatchObject({ where: "program" });
  });

  test("a good one has nothing against it", () => {
    expect(checkProgram(numbers)).toBeNull();
  });
});

describe("a hostile program is ended", () => {
  const bounded = { maxSteps: 200_000 };
  test.each<[string, string, string, RegExp]>([
    ["repeats without end", "REP(10^9) REP(10^9) END END", "", /more than 200000 steps/u],
    ["waits for what never comes", "WHILE(1==1) END", "", /more than 200000 steps/u],
    ["counts up", "SET(a=0) WHILE(a>=0) SET(a=a+1) END", "", /steps/u],
    ["makes a huge power", "SET(a=10^(10^9))", "", /too many digits/u],
    ["squares", "SET(a=7) REP(100) SET(a=a*a) END", "", /too many digits/u],
    ["squares a float", "SET(a=7.5) REP(100) SET(a=a*a) END", "", /too many digits/u],
    ["raises a float", "SET(a=1.000001^(10^9))", "", /too many digits/u],
    ["writes a long number", `SET(a=${"9".repeat(50_000)})`, "", /too many digits/u],
    ["adds far apart", "SET(a=1e900000000+1e-900000000)", "", /too many digits/u],
    ["opens brackets", `ASSERT(${"(".repeat(100_000)}`, "", /nested deeper than 200/u],
    ["opens blocks", "REP(1) ".repeat(100_000), "", /nested deeper than 200/u],
    ["negates", `ASSERT(${"-".repeat(100_000)}1==1)`, "", /nested deeper/u],
    ["denies", `ASSERT(${"!".repeat(100_000)}1==1)`, "", /nested deeper/u],
    ["indexes", `SET(${"a[".repeat(100_000)}`, "", /nested deeper/u],
    ["separates", "REP(1,".repeat(100_000), "", /nested deeper/u],
    ["is long", " ".repeat(1024 * 1024 + 1), "", /larger than 1048576 bytes/u],
    ["makes states", 'REGEX("((((a{1,100}){1,100}){1,100}){1,100})")', "a", /regular expression/u],
  ])("that %s", (_, program, input, expected) => {
    expect(check(program, input, bounded)).toMatch(expected);
  });

  test("after the time that it has", () => {
    expect(check("WHILE(1==1) END", "", { maxTimeMs: 0 })).toMatch(/more than 0 ms/u);
  });

  test("a pattern that others take exponential time for is read once", () => {
    expect(check('REGEX("(a*)*b")', `${"a".repeat(20_000)}c`)).toMatch(/expected a match/u);
    expect(check('REGEX("(a|a)*b|(x+x+)+y")', "x".repeat(20_000))).toMatch(/expected a match/u);
  });

  test("a long chain is no deep tree", () => {
    expect(check(`ASSERT(${"1+".repeat(100_000)}0==100000)`, "")).toBe("ok");
    expect(check(`ASSERT(${"1==1&&".repeat(50_000)}1==1)`, "")).toBe("ok");
  });

  test("what takes fewer steps than allowed is not", () => {
    expect(check("REP(1000) REP(100) END END", "", bounded)).toBe("ok");
  });
});

test("a million numbers take a few steps each", () => {
  const count = 1_000_000;
  const input = `${count}\n${Array.from({ length: count }, (_, index) => (index * 7919) % 1_000_003).join(" ")}\n`;
  const program = "INT(1,10^6,n) NEWLINE REPI(i,n,SPACE) INT(0,10^9,a[i]) END NEWLINE ASSERT(UNIQUE(a))";
  expect(check(program, input, { maxSteps: 10 * count })).toBe("ok");
});
