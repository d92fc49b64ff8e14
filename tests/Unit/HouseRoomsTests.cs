namespace ResNetEdge.Tests.Unit;

/// <summary>Shows the rule on circles of rooms a small house, a laboratory, that breaks it or keeps it.</summary>
public class HouseRoomsTests
{
    private const string Bench = "using Lab.Mixing;\nnamespace Lab.Benches;\nclass Bench { public const int Length = 2; }";

    [Theory]
    [InlineData("using Lab.Benches;\nnamespace Lab.Mixing;\nclass Bowl;", 1)]
    [InlineData("using static Lab.Benches.Bench;\nnamespace Lab.Mixing;\nclass Bowl;", 1)]
    [InlineData("namespace Lab.Mixing;\nclass Bowl { Benches.Bench bench; }", 2)]
    [InlineData("namespace Lab.Mixing;\nclass Bowl { object bench = new global::Lab.Benches.Bench(); }", 2)]
    [InlineData("namespace Lab.Mixing;\nclass Bowl { string Text => $\"{{{Lab.Benches.Bench.Length}\"; }", 2)]
    public void A_circle_names_one_place_for_each_of_its_references(string bowl, int line)
    {
        var house = new House(
            new Dictionary<string, string> { ["lab/Lab.csproj"] = "<Project/>", ["lab/Benches/Bench.cs"] = Bench, ["lab/Mixing/Bowl.cs"] = bowl });

        Assert.Equal(
            $"lab: Benches -> Mixing -> Benches is a circle, by lab/Benches/Bench.cs:1, lab/Mixing/Bowl.cs:{line}",
            Assert.Single(house.CirclesOfRooms()));
    }

    [Theory]
    [InlineData("namespace Lab.Mixing;\n// Benches.Bench\nclass Bowl { string Text => \"Benches.Bench\" + '\"'; /* Benches.Bench */ }")]
    [InlineData("namespace Lab.Mixing;\nclass Bowl { string Text => @\"\"\"\\\" + $\"{{Lab.Benches.Bench}}\"; }")]
    [InlineData("namespace Lab.Mixing;\nclass Bowl { string Text => \"\"\"a \" Lab.Benches.Bench\"\"\"; }")]
    [InlineData("namespace Lab.Mixing;\nclass Bowl { int Of(Bowl other) => other.Benches.Bench; }")]
    public void Comments_texts_and_members_refer_to_no_room(string bowl)
    {
        var house = new House(
            new Dictionary<string, string> { ["lab/Lab.csproj"] = "<Project/>", ["lab/Benches/Bench.cs"] = Bench, ["lab/Mixing/Bowl.cs"] = bowl });

        Assert.Empty(house.CirclesOfRooms());
    }

    /// <summary>What lies beside the project file is a room too, and rooms below it see its types without a using.</summary>
    [Fact]
    public void A_type_of_the_enclosing_namespace_is_a_reference()
    {
        var house = new House(new Dictionary<string, string>
        {
            ["lab/Lab.csproj"] = "<Project/>",
            ["lab/Program.cs"] = "namespace Lab;\nclass Program { Mixing.Bowl bowl; }",
            ["lab/Apron.cs"] = "namespace Lab;\nclass Apron { Mixing.Bowl bowl; }",
            ["lab/Mixing/Bowl.cs"] = "namespace Lab.Mixing;\nclass Bowl\n{\n    Apron apron;\n    Program program;\n}",
        });

        Assert.Equal("lab: Mixing -> lab -> Mixing is a circle, by lab/Mixing/Bowl.cs:4, lab/Apron.cs:2", Assert.Single(house.CirclesOfRooms()));
    }

    [Fact]
    public void A_circle_of_three_is_found_beside_a_shorter_one()
    {
        var house = new House(new Dictionary<string, string>
        {
            ["lab/Lab.csproj"] = "<Project/>",
            ["lab/A/X.cs"] = "namespace Lab.A;\nclass X { B.Y y; }",
            ["lab/B/Y.cs"] = "namespace Lab.B;\nclass Y { C.Z z; A.X x; }",
            ["lab/C/Z.cs"] = "namespace Lab.C;\nclass Z { A.X x; D.W w; }",
            ["lab/D/W.cs"] = "namespace Lab.D;\nclass W { }",
        });

        Assert.Equal(
            ["lab: A -> B -> A is a circle", "lab: A -> B -> C -> A is a circle"], house.CirclesOfRooms().Select(circle => circle.Split(',')[0]));
    }
}
