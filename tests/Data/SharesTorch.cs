namespace ResNetEdge.Tests.Data;

/// <summary>The tests that compare with torch share one run of its script.</summary>
[CollectionDefinition(Name)]
public sealed class SharesTorch : ICollectionFixture<TorchCheckpoints>
{
    public const string Name = "torch";
}
