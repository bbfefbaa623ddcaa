puts ARGV
