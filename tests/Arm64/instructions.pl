#!/usr/bin/perl
# Executed instructions of one inference, from what count-blocks.c wrote.
#
#   instructions.pl count SYMBOLS BLOCKS_OF_1_ITEM BLOCKS_OF_2_ITEMS FIELD=VALUE...   prints one JSON line
#   instructions.pl compare LOG LINES   exit 1 where a count rose by more than 1 % over the last of its network and processor in LOG
#
# SYMBOLS is what `nm -n` prints of the program. An inference is the difference of the two runs; the rest is start-up and load.
use strict;
use warnings;
no warnings 'portable';    # addresses have 64 bits
use JSON::PP;

use constant {
    BASE => 0x5500000000,    # where qemu loads a position-independent program of 64 bits
    FUNCTIONS => 6,          # named in a line, those with most instructions
    TOLERANCE => 0.01,
};
my $json = JSON::PP->new->canonical;

# by_function SYMBOLS BLOCKS: instructions by name of the function.
sub by_function {
    my ($symbols, $file) = @_;
    my %count;
    open my $lines, '<', $file or die "$file: $!\n";
    while (<$lines>) {
        my ($address, $length, $runs) = split;
        $count{ name_at($symbols, hex($address) - BASE) } += $length * $runs;
    }
    return \%count;
}

sub read_symbols {
    my ($file) = @_;
    my @symbols;
    open my $lines, '<', $file or die "$file: $!\n";
    while (<$lines>) {
        my ($address, $kind, $name) = split ' ', $_, 3;
        push @symbols, [ hex $address, short_name($name) ] if $kind =~ /^[tTwW]$/ && $name !~ /^\$/;
    }
    die "$file has no functions\n" unless @symbols;
    return \@symbols;
}

# short_name NAME: without namespaces, whose names are single words.
sub short_name {
    my ($name) = @_;
    chomp $name;
    $name =~ s/ResNetEdge_Runtime_ResNetEdge_(?:[A-Z][a-z0-9]*_)*?(?=[A-Z][a-z0-9]+[A-Z])//g;
    return $name;
}

sub name_at {
    my ($symbols, $offset) = @_;
    my ($low, $high) = (0, scalar @$symbols);
    return 'emitted code and libraries' if $offset < $symbols->[0][0] || $offset > $symbols->[-1][0] + 0x10000;
    while ($high - $low > 1) {
        my $middle = int(($low + $high) / 2);
        if ($symbols->[$middle][0] <= $offset) { $low = $middle } else { $high = $middle }
    }
    return $symbols->[$low][1];
}

sub total { my $sum = 0; $sum += $_ for values %{ $_[0] }; return $sum }

sub count {
    my ($symbols_file, $one_file, $two_file, @fields) = @_;
    my $symbols = read_symbols($symbols_file);
    my ($one, $two) = map { by_function($symbols, $_) } $one_file, $two_file;
    my %inference = map { $_ => $two->{$_} - ($one->{$_} // 0) } keys %$two;
    my @most = (sort { $inference{$b} <=> $inference{$a} || $a cmp $b } keys %inference)[ 0 .. FUNCTIONS - 1 ];
    my $instructions = total($two) - total($one);
    my %line = ((map { split /=/, $_, 2 } @fields), instructions => $instructions, load_instructions => total($one) - $instructions,
        functions => { map { $_ => $inference{$_} } grep { defined } @most });
    print $json->encode(\%line), "\n";
}

sub read_lines {
    my ($file) = @_;
    open my $lines, '<', $file or die "$file: $!\n";
    return map { $json->decode($_) } <$lines>;
}

sub compare {
    my ($log, $new) = @_;
    my %last = map { ("$_->{network} $_->{processor}" => $_) } read_lines($log);
    my ($worse, $better) = (0, 0);
    for my $line (read_lines($new)) {
        my $before = $last{"$line->{network} $line->{processor}"};
        if (!$before) {
            print "$line->{network} on the $line->{processor}: not in $log; tests/Arm64/run.sh --count --append records it.\n";
            $worse++;
            next;
        }
        my $ratio = $line->{instructions} / $before->{instructions};
        $better++ if $ratio < 1 - TOLERANCE;
        next if $ratio <= 1 + TOLERANCE;
        $worse++;
        printf "%s on the %s: %.2f M instructions an inference, %.1f %% more than the %.2f M of %s.\n", $line->{network}, $line->{processor},
            $line->{instructions} / 1e6, 100 * ($ratio - 1), $before->{instructions} / 1e6, $before->{commit};
        my ($is, $was) = ($line->{functions}, $before->{functions});
        my @risen = sort { ($is->{$b} - ($was->{$b} // 0)) <=> ($is->{$a} - ($was->{$a} // 0)) } keys %$is;
        printf "    %s: %.2f M, was %s\n", $_, $is->{$_} / 1e6, defined $was->{$_} ? sprintf('%.2f M', $was->{$_} / 1e6) : 'not among the largest'
            for @risen[ 0 .. ($#risen < 2 ? $#risen : 2) ];
    }
    print "$better counts fell by more than 1 %: tests/Arm64/run.sh --count --append records them.\n" if $better;
    return $worse;
}

my ($verb, @words) = @ARGV;
if (($verb // '') eq 'count' && @words > 3) { count(@words) }
elsif (($verb // '') eq 'compare' && @words == 2) { exit(compare(@words) ? 1 : 0) }
else { print STDERR "usage: instructions.pl count|compare ...\n"; exit 2 }
