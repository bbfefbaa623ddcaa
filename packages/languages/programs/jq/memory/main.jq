[range(128) | ("0123456789abcdef" * 524288) + tostring]
| "too much \(map(length) | add)"
