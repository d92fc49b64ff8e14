#!/usr/bin/perl
# Modelled, not measured: milliseconds of an inference on boards nobody here has, on one core at its highest clock. The counted instructions of
# benchmarks/results/arm64-instructions.jsonl run at the rate of the inner loop that takes most of them, as benchmarks/results/arm64-estimates.jsonl
# has it from llvm-mca. Every load is a hit and nothing waits for memory, so that a board takes longer.
#
#   boards.pl [--append]    a JSON line for each network and board, from the last lines of both logs; --append adds them to arm64-boards.jsonl
#   boards.pl --table       the same as rows of docs/benchmarks.md
use strict;
use warnings;
use JSON::PP;
use POSIX 'strftime';

chdir "$1/../.." if $0 =~ m{(.*)/};
my $results = 'benchmarks/results';

# Board, its core, gigahertz, whose counts it takes: a Cortex-A53 runs what a Cortex-A72 does, a Cortex-A78AE what a Cortex-A76 does.
my @boards = (
    [ 'Raspberry Pi 3 B+', 'cortex-a53', 1.4, 'cortex-a72' ],
    [ 'Raspberry Pi 4', 'cortex-a72', 1.8, 'cortex-a72' ],
    [ 'Raspberry Pi 5', 'cortex-a76', 2.4, 'cortex-a76' ],
    [ 'Jetson Orin Nano', 'cortex-a78ae', 1.5, 'cortex-a76' ],
    [ 'Jetson Orin NX', 'cortex-a78ae', 2.0, 'cortex-a76' ],
    [ 'Jetson AGX Orin', 'cortex-a78ae', 2.2, 'cortex-a76' ],
);

# main_loop NETWORK COUNTED: the kernel whose loop takes most instructions.
sub main_loop {
    my ($network, $counted) = @_;
    # Without half arithmetic, float16 is computed in float32.
    return 'ConvFp16NeonHalf' if $network =~ /fp16/ && $counted eq 'cortex-a76';
    return 'ConvFp32Gathered, ConvFp32WinogradEmitted' if $network =~ /fp32|fp16/;
    return $counted eq 'cortex-a76' ? 'ConvInt8DpEmitted' : 'ConvInt8AdvSimdEmitted, fours';
}

sub read_lines {
    my ($file) = @_;
    open my $lines, '<', $file or die "$file: $!\n";
    return map { decode_json($_) } <$lines>;
}

my (%rate, %last);
$rate{"$_->{kernel} $_->{processor}"} = $_->{instructions_per_turn} / $_->{cycles_per_turn} for read_lines("$results/arm64-estimates.jsonl");
$last{"$_->{network} $_->{processor}"} = $_ for read_lines("$results/arm64-instructions.jsonl");

my $json = JSON::PP->new->canonical;
chomp(my $commit = `git describe --always --dirty`);
my ($text, %row) = ('');
for my $line (map { $last{$_} } sort keys %last) {
    for (grep { $_->[3] eq $line->{processor} } @boards) {
        my ($board, $core, $clock, $counted) = @$_;
        my $loop = main_loop($line->{network}, $counted);
        my $rate = $rate{"$loop $core"} or die "$results/arm64-estimates.jsonl has no $loop on the $core\n";
        my $milliseconds = sprintf('%.3g', $line->{instructions} / $rate / $clock / 1e6) + 0;
        $row{$line->{network}}{$board} = $milliseconds;
        $text .= $json->encode({
            kind => 'estimate', date => strftime('%Y-%m-%d', gmtime), commit => $commit, command => 'tests/Arm64/boards.pl', model => $loop,
            network => $line->{network}, board => $board, processor => $core, gigahertz => $clock, threads => 1,
            instructions => $line->{instructions}, counted_at => $line->{commit}, instructions_per_cycle => sprintf('%.2f', $rate) + 0,
            milliseconds => $milliseconds,
        }) . "\n";
    }
}

if (($ARGV[0] // '') eq '--table') {
    for my $network (sort keys %row) {
        print join(' | ', "| $network", map { $row{$network}{ $_->[0] } // '' } @boards), " |\n";
    }
    exit;
}

print $text;
if (($ARGV[0] // '') eq '--append') {
    open my $log, '>>', "$results/arm64-boards.jsonl" or die "$results/arm64-boards.jsonl: $!\n";
    print $log $text;
    close $log or die "$results/arm64-boards.jsonl: $!\n";
}
