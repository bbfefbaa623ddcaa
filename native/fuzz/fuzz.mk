# make fuzz [FUZZ_SECONDS=60]  each fuzzer for so long; needs clang with its run-time library (libclang-rt-dev).
#                              What it learns stays in build/corpus, an input that breaks a promise in build/broken-*
#                              Then as long, by guess, whole sessions with a sanitized sandboxd, as root.
# make corpus                  merges what it learned into fuzz/corpus, as few inputs as reach the same code
# make replay                  the seeds and fuzz/corpus through the same functions, with gcc alone
# make analyze                 cppcheck and clang's analyzer over what runs with privilege

CLANG ?= clang
FUZZ_SECONDS ?= 60
# Fuzzer, colon, the seeds it starts from.
FUZZERS = run:run inbox:inbox files:run
FUZZ_WARN = $(WARN) -Wno-format-nonliteral
FUZZ_FLAGS = -std=gnu17 -O1 -g $(FUZZ_WARN) -Isrc -Itest -fno-sanitize-recover=undefined
FUZZ_SOURCES = src/files.c src/wire.c src/util.c
FUZZ_NEEDS = fuzz/fuzz.h fuzz/fuzz.mk $(FUZZ_SOURCES) $(wildcard src/*.h) | $(BUILD)

$(BUILD)/fuzz-%: fuzz/%.c $(FUZZ_NEEDS)
	$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined $< $(FUZZ_SOURCES) -o $@

$(BUILD)/replay-%: fuzz/%.c fuzz/replay.c $(FUZZ_NEEDS)
	$(CC) $(FUZZ_FLAGS) -fsanitize=address,undefined $< fuzz/replay.c $(FUZZ_SOURCES) -o $@

$(BUILD)/seeds: fuzz/seeds.c test/client.c test/client.h $(BUILD)/wire.o $(BUILD)/util.o
	$(CC) $(CFLAGS) -Isrc -Itest fuzz/seeds.c test/client.c $(BUILD)/wire.o $(BUILD)/util.o -o $@
	$@ $(BUILD)/seed-corpus

# Whole sessions with a real sandboxd; some 200 in a second.
$(BUILD)/sessions: fuzz/sessions.c test/harness.c test/client.c $(wildcard test/*.h) $(BUILD)/wire.o $(BUILD)/util.o
	$(CC) $(CFLAGS) -Isrc -Itest $(filter %.c,$^) $(BUILD)/wire.o $(BUILD)/util.o -o $@

fuzz: $(BUILD)/sessions $(BUILD)/inside $(foreach pair,$(FUZZERS),$(BUILD)/fuzz-$(word 1,$(subst :, ,$(pair)))) $(BUILD)/seeds
	set -e; for pair in $(FUZZERS); do \
	  fuzzer=$${pair%:*}; mkdir -p $(BUILD)/corpus/$$fuzzer fuzz/corpus/$$fuzzer; \
	  $(BUILD)/fuzz-$$fuzzer -max_total_time=$(FUZZ_SECONDS) -use_value_profile=1 -max_len=4096 -verbosity=0 \
	    -print_final_stats=1 -artifact_prefix=$(BUILD)/broken-$$fuzzer- \
	    $(BUILD)/corpus/$$fuzzer $(BUILD)/seed-corpus/$${pair#*:} fuzz/corpus/$$fuzzer; \
	done
	$(SANITIZED) build/sanitized/sandboxd
	$(SANITIZER_OPTIONS) $(BUILD)/sessions build/sanitized/sandboxd $(BUILD)/inside $$((200 * $(FUZZ_SECONDS))) $$(date +%s)

corpus: $(foreach pair,$(FUZZERS),$(BUILD)/fuzz-$(word 1,$(subst :, ,$(pair)))) $(BUILD)/seeds
	set -e; for pair in $(FUZZERS); do \
	  fuzzer=$${pair%:*}; rm -rf fuzz/corpus/$$fuzzer; mkdir -p fuzz/corpus/$$fuzzer $(BUILD)/corpus/$$fuzzer; \
	  $(BUILD)/fuzz-$$fuzzer -merge=1 -max_len=1024 -verbosity=0 \
	    fuzz/corpus/$$fuzzer $(BUILD)/seed-corpus/$${pair#*:} $(BUILD)/corpus/$$fuzzer; \
	done

replay: $(foreach pair,$(FUZZERS),$(BUILD)/replay-$(word 1,$(subst :, ,$(pair)))) $(BUILD)/seeds
	set -e; for pair in $(FUZZERS); do \
	  mkdir -p fuzz/corpus/$${pair%:*}; $(BUILD)/replay-$${pair%:*} $(BUILD)/seed-corpus/$${pair#*:} fuzz/corpus/$${pair%:*}; \
	done

# NULL is a pointer in every C library that this is built with (varFuncNullUB).
analyze: | $(BUILD)
	cppcheck --std=c11 --enable=warning,performance,portability --suppress=varFuncNullUB --error-exitcode=1 --quiet -Isrc -Itest src fuzz
	set -e; for file in src/*.c fuzz/*.c; do \
	  $(CLANG) --analyze -Xclang -analyzer-werror --analyzer-output text -std=gnu17 -Isrc -Itest $$file -o $(BUILD)/analyzed; \
	done; rm -f $(BUILD)/analyzed

.PHONY: fuzz corpus replay analyze
