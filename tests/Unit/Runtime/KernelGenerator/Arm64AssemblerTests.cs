using ResNetEdge.KernelGenerator.Arm64;

namespace ResNetEdge.Tests.Unit.Runtime.KernelGenerator;

public class Arm64AssemblerTests
{
    [Fact]
    public void Every_form_is_the_golden_word() => Assert.All(Arm64Forms.All, form => Assert.Equal($"{form.Word:X8}", $"{Word(form.Emit):X8}"));

    [SkippableFact]
    public void A_disassembler_reads_every_form_as_it_was_meant()
    {
        Skip.If(Arm64Disassembler.Missing is not null, Arm64Disassembler.Missing);
        var read = Arm64Disassembler.Read([.. Arm64Forms.All.Select(form => Word(form.Emit))]);
        Assert.Equal(Arm64Forms.All.Select(form => Arm64Disassembler.Plain(form.Text)), read);
    }

    [Fact]
    public void What_an_instruction_cannot_say_is_refused() => Assert.All(Arm64Forms.Impossible, form =>
    {
        if (Record.Exception(() => form.Emit(new Arm64Assembler())) is not ArgumentException)
            Assert.Fail($"accepted: {form.What}");
    });

    [SkippableFact]
    public void Branches_reach_their_labels_in_both_directions()
    {
        Skip.If(Arm64Disassembler.Missing is not null, Arm64Disassembler.Missing);
        var a = new Arm64Assembler();
        Label back = new(), forth = new();
        a.Mark(back);
        a.Cbz(new X(1), forth);
        a.Cbnz(new X(1), back);
        a.B(Condition.NotEqual, back);
        a.Tbz(new X(2), 3, forth);
        a.Tbnz(new X(2), 40, back);
        a.Adr(new X(3), forth);
        a.B(back);
        a.B(forth);
        a.Mark(forth);
        a.Ret();
        a.Assemble();
        Assert.Equal(
            ["cbz x1, #32", "cbnz x1, #-4", "b.ne #-8", "tbz w2, #3, #20", "tbnz x2, #40, #-16", "adr x3, #12", "b #-24", "b #4", "ret"],
            Arm64Disassembler.Read([.. a.Words]));
    }

    [Fact]
    public void A_label_that_is_not_marked_or_marked_twice_is_refused()
    {
        var a = new Arm64Assembler();
        var label = new Label();
        a.B(label);
        Assert.Throws<InvalidOperationException>(a.Assemble);
        a.Mark(label);
        Assert.Throws<InvalidOperationException>(() => a.Mark(label));
    }

    private static uint Word(Action<Arm64Assembler> emit)
    {
        var a = new Arm64Assembler();
        emit(a);
        return Assert.Single(a.Words);
    }
}
