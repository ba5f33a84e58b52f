from django.urls import path

from jht import (
    views,
    views_add,
    views_arrears,
    views_card,
    views_claims,
    views_paper,
    views_reckoning,
    views_simulation,
    views_tracking,
)

app_name = "jht"
urlpatterns = [
    path("", views.balance, name="balance"),
    path("hubungkan/", views.link, name="link"),
    path("tambah/", views_add.add, name="add"),
    path("kartu/", views_card.card_list, name="cards"),
    path("kartu/<str:kpj>/", views_card.card, name="card"),
    path("klaim/", views_claims.start, name="claim_start"),
    path("klaim/contoh/<slug:slug>/", views_claims.sample, name="claim_sample"),
    path("klaim/<str:kpj>/", views_claims.check, name="claim_check"),
    path("klaim/<str:kpj>/sebab/", views_claims.reason, name="claim_reason"),
    path("klaim/<str:kpj>/jumlah/", views_claims.amount, name="claim_amount"),
    path("klaim/<str:kpj>/dokumen/", views_claims.documents, name="claim_documents"),
    path("klaim/<str:kpj>/rekening/", views_claims.account, name="claim_account"),
    path("klaim/<str:kpj>/konfirmasi/", views_claims.confirm, name="claim_confirm"),
    path("lacak/", views_tracking.tracking, name="tracking"),
    path("lacak/<str:number>/", views_tracking.tracked, name="tracked"),
    path("lacak/<str:number>/lengkapi/", views_tracking.complete, name="claim_complete"),
    path("lacak/<str:number>/batalkan/", views_tracking.cancel, name="claim_cancel"),
    path("amalgamasi/", views_tracking.merge, name="merge"),
    path("simulasi/", views_simulation.doors, name="simulation"),
    path("simulasi/tabungan/", views_simulation.savings, name="simulation-savings"),
    path("simulasi/klaim/", views_simulation.claim, name="simulation-claim"),
    path("<str:kpj>/rincian.<str:kind>", views_paper.download, name="download"),
    path("<str:kpj>/tunggakan/", views_arrears.arrears_of, name="arrears"),
    path("<str:kpj>/mengapa/<int:year>/", views_reckoning.why, name="why"),
    path("<str:kpj>/", views.membership_statement, name="statement"),
]
